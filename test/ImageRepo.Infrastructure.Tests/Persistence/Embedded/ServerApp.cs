using ImageRepo.Infrastructure.Persistence.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageRepo.Infrastructure.Tests.Persistence.Embedded;

/// <summary>A small app with a private server, as a process of its own: this assembly started with <c>dotnet exec</c>.</summary>
internal static class ServerApp
{
    public static async Task<int> Main(string[] args)
    {
        try
        {
            var options = new EmbeddedPostgresOptions { Ephemeral = args.Contains("ephemeral") };
            await using EmbeddedPostgres server = await EmbeddedPostgres.StartAsync(args[0], options, NullLogger.Instance);
            Console.WriteLine(server.ConnectionString);
            // Lives until its input closes (good order) or it is killed.
            await Console.In.ReadToEndAsync();
            return 0;
        }
        catch (EmbeddedPostgresException e)
        {
            Console.WriteLine(e.Message);
            return 1;
        }
    }
}
