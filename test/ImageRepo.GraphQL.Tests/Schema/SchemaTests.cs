using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Snapshooter.Xunit;

namespace ImageRepo.GraphQL.Tests.Schema;

public sealed class SchemaTests
{
    [Fact]
    public void Schema_is_the_one_that_clients_know() => Snapshot.Match(Print());

    [Fact]
    public void Schema_graphql_at_the_root_is_what_the_code_prints() =>
        Assert.Equal(Print(), File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../../schema.graphql")));

    private static string Print()
    {
        var configuration = new ConfigurationBuilder().Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddImageRepoGraphQL(configuration).BuildServiceProvider();
        return SchemaPrinter.Print(services);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
