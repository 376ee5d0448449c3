using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Snapshooter.Xunit;

namespace ImageRepo.GraphQL.Tests.Schema;

public sealed class SchemaTests
{
    [Fact]
    public void Schema_is_the_one_that_clients_know() => Snapshot.Match(Print());

    internal static string Print()
    {
        var configuration = new ConfigurationBuilder().Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddImageRepoGraphQL(configuration).BuildServiceProvider();
        return SchemaPrinter.Print(services);
    }
}
