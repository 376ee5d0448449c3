using System.Runtime.CompilerServices;
using Snapshooter.Xunit;

namespace ImageRepo.GraphQL.Tests.Schema;

public sealed class SchemaTests
{
    [Fact]
    public void Schema_is_the_one_that_clients_know() => Snapshot.Match(PrintedSchema.Text);

    [Fact]
    public void Schema_graphql_at_the_root_is_what_the_code_prints() =>
        Assert.Equal(PrintedSchema.Text, File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../../schema.graphql")));

    private static string Here([CallerFilePath] string path = "") => path;
}
