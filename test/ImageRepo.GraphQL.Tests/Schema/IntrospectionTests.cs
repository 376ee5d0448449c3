using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Schema;

[Collection(SchemaServerCollection.Name)]
public sealed class IntrospectionTests(SchemaServer server)
{
    /// <summary>What GraphiQL, Banana Cake Pop, Apollo's and Relay's tools ask: graphql-js with every option, nine levels of types.</summary>
    private const string Everything = """
        query IntrospectionQuery {
          __schema {
            description
            queryType { name kind } mutationType { name kind } subscriptionType { name kind }
            types { ...FullType }
            directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
          }
        }
        fragment FullType on __Type {
          kind name description specifiedByURL isOneOf
          fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
          inputFields(includeDeprecated: true) { ...InputValue }
          interfaces { ...TypeRef }
          enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
          possibleTypes { ...TypeRef }
        }
        fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
        fragment TypeRef on __Type {
          kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
        }
        """;

    [Contract("S14", "T3", "T7")]
    [Fact]
    public async Task Introspection_of_every_common_tool_passes()
    {
        var data = await server.Anonymous().QueryAsync(Everything);

        var types = data["__schema"]!["types"]!.AsArray();
        var dateTime = types.Single(t => (string?)t!["name"] == "DateTime")!;
        Assert.Equal("https://www.graphql-scalars.com/date-time/", (string)dateTime["specifiedByURL"]!);
        Assert.Contains("specifiedBy", data["__schema"]!["directives"]!.AsArray().Select(d => (string)d!["name"]!));
    }

    [Contract("S18")]
    [Fact]
    public async Task Everything_that_the_schema_shows_is_described()
    {
        var data = await server.Anonymous().QueryAsync(Everything);

        foreach (var type in data["__schema"]!["types"]!.AsArray().Where(t => (string)t!["name"]! is not ("String" or "Boolean" or "Int" or "Float" or "ID" or ['_', ..])))
        {
            Assert.False(string.IsNullOrWhiteSpace((string?)type!["description"]), $"{type["name"]} has no description.");
            foreach (var part in (string[])["fields", "inputFields", "enumValues"])
            {
                foreach (var member in type[part]?.AsArray() ?? [])
                {
                    Assert.False(string.IsNullOrWhiteSpace((string?)member!["description"]), $"{type["name"]}.{member["name"]} has no description.");
                    Assert.All(member["args"]?.AsArray() ?? [], a => Assert.False(string.IsNullOrWhiteSpace((string?)a!["description"]), $"{type["name"]}.{member["name"]}({a["name"]}) has no description."));
                }
            }
        }
    }
}
