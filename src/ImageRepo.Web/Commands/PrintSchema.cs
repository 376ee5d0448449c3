using System.CommandLine;
using ImageRepo.GraphQL;

namespace ImageRepo.Web.Commands;

internal sealed class PrintSchema() : AppCommand("schema print", "Writes the GraphQL schema to standard output.")
{
    public override bool NeedsDatabase => false;

    public override async Task<int> RunAsync(ParseResult line, IServiceProvider services, CancellationToken cancellationToken)
    {
        await line.InvocationConfiguration.Output.WriteAsync(SchemaPrinter.Print(services));
        return 0;
    }
}
