using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Execution;

[Collection(SchemaServerCollection.Name)]
public sealed class ErrorsTests(SchemaServer server)
{
    [Contract("E2", "E3", "E6", "E7", "T9")]
    [Theory]
    [InlineData("{ me { nam } }", null, "The field `nam` does not exist on the type `User`.")]
    [InlineData("{ imges { id } }", null, "The field `imges` does not exist on the type `Query`.")]
    [InlineData("{ image(idd: 1, id: 1) { id } }", null, "The argument `idd` does not exist.")]
    [InlineData("{ image { id } }", null, "The argument `id` is required.")]
    [InlineData("{ images(first: \"x\") { nodes { id } } }", null, "The specified argument value of `first` does not match the argument type.")]
    [InlineData("{ me { id { x } } }", null, "`id` returns a scalar value. Selections on scalars or enums are never allowed, because they are the leaf nodes of any GraphQL operation.")]
    [InlineData("{ me }", null, "`me` is an object, interface or union type field. Leaf selections on objects, interfaces, and unions without subfields are disallowed.")]
    [InlineData("{ me @nope { id } }", null, "The specified directive `nope` is not supported by the current schema.")]
    [InlineData("{ me { ... @defer { id } } }", null, "The specified directive `defer` is not supported by the current schema.")]
    [InlineData("{ images { nodes @stream(initialCount: 1) { id } } }", null, "The specified directive `stream` is not supported by the current schema.")]
    [InlineData("{ me { ...x } }", null, "The specified fragment `x` does not exist.")]
    [InlineData("{ me { id } } fragment x on User { id }", null, "The specified fragment `x` is not used within the current document.")]
    [InlineData("query ($x: Strin) { me { id } }", null, "Unknown type `Strin`.")]
    [InlineData("query ($x: Int) { me { id } }", null, "The following variables were not used: x.")]
    [InlineData("{ image(id: $x) { id } }", null, "The following variables were not declared: x.")]
    [InlineData("query ($x: Int) { images(search: $x) { nodes { id } } }", null, "The variable `x` is not compatible with the type of the current location.")]
    [InlineData("{ a: me { id } a: me { name: userName } a: image(id: 1) { id } }", null, "Encountered fields for the same object that cannot be merged.")]
    [InlineData("query ($id: ID!) { image(id: $id) { id } }", "HC0018", "Variable `id` is required.")]
    [InlineData("{ me { id }", "HC0011", null)]
    [InlineData("{ me { id } } }", "HC0011", null)]
    [InlineData("", "HC0013", "Either the parameter query or the parameter id has to be set.")]
    [InlineData("fragment x on User { id }", null, null)]
    [InlineData("query a { me { id } } query b { me { id } }", null, "The operation name can only be omitted if there is just one operation in a GraphQL document.")]
    [InlineData("subscription { x }", null, null)]
    public async Task Wrong_document_is_named_in_the_words_of_the_contract(string document, string? code, string? message)
    {
        using var http = await server.Anonymous().PostAsync(document);
        var response = await SchemaClient.ReadAsync(http);

        Assert.Equal(400, (int)http.StatusCode);
        Assert.Equal(code, SchemaClient.Code(response));
        if (message is not null)
        {
            Assert.Contains(message, response["errors"]!.AsArray().Select(e => (string)e!["message"]!));
        }
        Assert.DoesNotContain("Did you mean", response.ToJsonString());
        Assert.DoesNotContain("Exception", response.ToJsonString());
        Assert.False(response.ContainsKey("data"));
        Assert.Empty(server.Log.Errors);
    }

    [Theory]
    [InlineData("""{ "first": "x" }""")]
    [InlineData("""{ "first": 1.5 }""")]
    [InlineData("""{ "first": 99999999999 }""")]
    [InlineData("""{ "first": 1e300 }""")]
    [InlineData("""{ "first": [1] }""")]
    [InlineData("""{ "first": { "a": 1 } }""")]
    [InlineData("""{ "first": true }""")]
    public async Task Variable_of_a_wrong_type_is_named(string variables)
    {
        using var http = await server.Anonymous().Http.PostAsync("/graphql",
            Json($$"""{ "query": "query ($first: Int) { images(first: $first) { nodes { id } } }", "variables": {{variables}} }"""));
        var response = await SchemaClient.ReadAsync(http);

        Assert.Equal("HC0016", SchemaClient.Code(response));
        Assert.StartsWith("Variable `first", SchemaClient.Message(response));
        Assert.Equal(400, (int)http.StatusCode);
        Assert.Empty(server.Log.Errors);
    }

    [Contract("E1", "E4")]
    [Fact]
    public async Task Nobody_reads_null_about_themselves_and_is_refused_the_rest()
    {
        var response = await server.Anonymous().SendAsync("{ me { id } images { nodes { id } } image(id: \"x\") { id } node(id: \"x\") { id } }");

        Assert.Equal(["errors", "data"], response.Select(p => p.Key));
        Assert.Equal("""{"me":null,"images":null,"image":null,"node":null}""", response["data"]!.ToJsonString());
        Assert.Equal(["images", "image", "node"], response["errors"]!.AsArray().Select(e => (string)e!["path"]![0]!));
        Assert.All(response["errors"]!.AsArray(), e => Assert.Equal("AUTH_NOT_AUTHENTICATED", (string)e!["extensions"]!["code"]!));
        Assert.Equal("The current user is not authorized to access this resource.", SchemaClient.Message(response));
    }

    [Contract("E5")]
    [Theory]
    [InlineData("images:read", null, "AUTH_NOT_AUTHORIZED")]
    [InlineData("images:write", "AUTH_NOT_AUTHORIZED", null)]
    [InlineData("images:read images:write", null, null)]
    [InlineData("openid", "AUTH_NOT_AUTHORIZED", "AUTH_NOT_AUTHORIZED")]
    [InlineData("", "AUTH_NOT_AUTHORIZED", "AUTH_NOT_AUTHORIZED")]
    public async Task A_token_may_do_what_its_scopes_say(string scopes, string? read, string? write)
    {
        var owner = await server.SignUpAsync();
        var token = server.WithToken(owner, scopes);

        Assert.Equal(read, SchemaClient.Code(await token.SendAsync("{ images { nodes { id } } }")));
        using var http = await token.PostAsync("mutation { deleteImages(input: { ids: [] }) { deletedIds } }");
        Assert.Equal(write, SchemaClient.Code(await SchemaClient.ReadAsync(http)));
        Assert.Equal(200, (int)http.StatusCode);
        Assert.Null(SchemaClient.Code(await token.SendAsync("{ me { userName usage { imageCount byteLimit } } }")));
    }

    internal static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");
}
