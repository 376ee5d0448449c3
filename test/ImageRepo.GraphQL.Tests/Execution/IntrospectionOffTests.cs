using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Execution;

[Collection(SchemaServerCollection.Name)]
public sealed class IntrospectionOffTests(SchemaServer server)
{
    [Contract("E9", "H14")]
    [Fact]
    public async Task Where_introspection_is_off_nothing_tells_the_schema()
    {
        await using var node = await Node.StartAsync(server, ("GraphQL:Introspection", "false"));
        var anybody = node.Server.Anonymous();
        foreach (var query in (string[])
            [
                "{ __schema { queryType { name } } }", "{ a: __type(name: \"Image\") { name } }", "query { ...f } fragment f on Query { __schema { types { name } } }",
                "{ ... on Query { ... { __schema { types { name } } } } }", "mutation { __schema { types { name } } }", "subscription { __type(name: \"Image\") { name } }",
                "{ me { id } } fragment unused on Query { __schema { types { name } } }",
            ])
        {
            using var response = await anybody.PostAsync(query);
            var body = await SchemaClient.ReadAsync(response);
            Assert.Equal((400, "HC0046", "Introspection is not allowed for the current request."), ((int)response.StatusCode, SchemaClient.Code(body), SchemaClient.Message(body)));
        }
        foreach (var path in (string[])["/graphql?sdl", "/graphql/sdl", "/graphql/schema", "/graphql?sdl=&query={me{id}}"])
        {
            using var response = await anybody.Http.GetAsync(path);
            Assert.Equal((404, ""), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        }
        Assert.Equal("Query", (string?)(await anybody.QueryAsync("{ __typename me { __typename } }"))["__typename"]);
    }
}
