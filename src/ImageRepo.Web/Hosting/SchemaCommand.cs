using ImageRepo.GraphQL;

namespace ImageRepo.Web.Hosting;

/// <summary>The command <c>schema print</c>: writes the schema to standard output; starts neither a server nor a database.</summary>
internal static class SchemaCommand
{
    public static bool Matches(string[] args) => args is ["schema", "print", ..];

    public static int Print(IServiceProvider services)
    {
        Console.Out.Write(SchemaPrinter.Print(services));
        return 0;
    }
}
