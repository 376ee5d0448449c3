using System.Text.Json.Nodes;
using GraphQLParser.AST;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.GraphQL.Tests.Schema;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Execution;

[Collection(SchemaServerCollection.Name)]
public sealed class RootFieldTests(SchemaServer server)
{
    /// <summary>Answers nobody with null, so that a client may ask who it is.</summary>
    private static readonly string[] ForEverybody = ["me"];

    /// <summary>Takes a file, which no JSON can give; the tests of uploads show that it asks too.</summary>
    private static readonly string[] OfFiles = ["uploadImage"];

    [Contract("T6")]
    [Theory]
    [InlineData("Query", null, "AUTH_NOT_AUTHENTICATED")]
    [InlineData("Query", "", "AUTH_NOT_AUTHORIZED")]
    [InlineData("Mutation", null, "AUTH_NOT_AUTHENTICATED")]
    [InlineData("Mutation", "", "AUTH_NOT_AUTHORIZED")]
    [InlineData("Mutation", "images:read", "AUTH_NOT_AUTHORIZED")]
    public async Task Every_root_field_asks_for_its_right(string root, string? scopes, string code)
    {
        var client = scopes is null ? server.Anonymous() : server.WithToken(await server.SignUpAsync(), scopes);
        var fields = PrintedSchema.One<GraphQLObjectTypeDefinition>(root).Fields!.Items.Where(f => !ForEverybody.Concat(OfFiles).Contains(f.Name.StringValue)).ToList();
        Assert.True(fields.Count > 3);
        foreach (var field in fields)
        {
            var arguments = (field.Arguments?.Items ?? []).Where(a => a.Type is GraphQLNonNullType).ToList();
            var declared = string.Join(", ", arguments.Select(a => $"${a.Name.StringValue}: {PrintedSchema.Written(a.Type)}"));
            var given = string.Join(", ", arguments.Select(a => $"{a.Name.StringValue}: ${a.Name.StringValue}"));
            var call = arguments.Count == 0 ? field.Name.StringValue : $"{field.Name.StringValue}({given})";
            var variables = arguments.ToDictionary(a => a.Name.StringValue, a => Value(a.Type));

            var response = await client.SendAsync($"{root.ToLowerInvariant()} {(declared.Length == 0 ? "" : $"({declared})")} {{ {call} {{ __typename }} }}", variables);

            Assert.True(code == SchemaClient.Code(response), $"{field.Name.StringValue}: {response.ToJsonString()}");
        }
    }

    /// <summary>As little as the type takes.</summary>
    private static JsonNode? Value(GraphQLType type) => type switch
    {
        GraphQLNonNullType required => Required(required.Type),
        _ => null,
    };

    private static JsonNode Required(GraphQLType type) => type switch
    {
        GraphQLListType => new JsonArray(),
        GraphQLNamedType { Name.StringValue: "ID" or "String" or "UUID" } => "x",
        GraphQLNamedType { Name.StringValue: "URL" } => "https://images.example/",
        GraphQLNamedType { Name.StringValue: "Int" or "Float" or "Long" } => 1,
        GraphQLNamedType { Name.StringValue: "Boolean" } => true,
        GraphQLNamedType named when PrintedSchema.All<GraphQLEnumTypeDefinition>().FirstOrDefault(e => e.Name == named.Name) is { } values => values.Values!.Items[0].Name.StringValue,
        GraphQLNamedType named => new JsonObject(PrintedSchema.One<GraphQLInputObjectTypeDefinition>(named.Name.StringValue).Fields!.Items
            .Where(f => f.Type is GraphQLNonNullType).Select(f => KeyValuePair.Create(f.Name.StringValue, Value(f.Type)))),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
