using GraphQLParser.AST;
using ImageRepo.Domain;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Schema;

/// <summary>What holds of every type of its kind, those included that are added later.</summary>
public sealed class ConventionsTests
{
    private static readonly string[] Comparable = ["eq", "neq", "in", "nin", "gt", "ngt", "gte", "ngte", "lt", "nlt", "lte", "nlte"];

    private static List<GraphQLObjectTypeDefinition> Objects => [.. PrintedSchema.All<GraphQLObjectTypeDefinition>()];

    private static List<GraphQLInputObjectTypeDefinition> Inputs => [.. PrintedSchema.All<GraphQLInputObjectTypeDefinition>()];

    private static List<(GraphQLObjectTypeDefinition Type, GraphQLFieldDefinition Field)> Connections =>
        [.. Objects.SelectMany(type => (type.Fields?.Items ?? []).Select(f => (type, f))).Where(f => PrintedSchema.Written(f.f.Type).TrimEnd('!').EndsWith("Connection", StringComparison.Ordinal))];

    [Contract("S1")]
    [Fact]
    public void Lists_with_pages_are_connections_named_after_their_fields()
    {
        Assert.NotEmpty(Connections);
        foreach (var (_, field) in Connections)
        {
            var name = PrintedSchema.Written(field.Type).TrimEnd('!')[..^"Connection".Length];
            Assert.EndsWith(char.ToUpperInvariant(field.Name.StringValue[0]) + field.Name.StringValue[1..], name);
            var arguments = PrintedSchema.Inputs(field.Arguments?.Items);
            Assert.Equal(["first: Int", "after: String", "last: Int", "before: String"], arguments[..4]);
            Assert.All(arguments[4..], a => Assert.Matches("^(where: \\w+FilterInput|order: \\[\\w+SortInput!\\]|search: String)$", a));

            var connection = PrintedSchema.Fields(PrintedSchema.One<GraphQLObjectTypeDefinition>($"{name}Connection").Fields);
            Assert.Equal("pageInfo: PageInfo!", connection[0]);
            Assert.Equal($"edges: [{name}Edge!]", connection[1]);
            var node = System.Text.RegularExpressions.Regex.Match(connection[2], "^nodes: \\[(\\w+)!\\]$");
            Assert.True(node.Success, connection[2]);
            Assert.Contains("totalCount: Int!", connection);
            Assert.Equal(["cursor: String!", $"node: {node.Groups[1].Value}!"], PrintedSchema.Fields(PrintedSchema.One<GraphQLObjectTypeDefinition>($"{name}Edge").Fields));
        }
        Assert.Equal(["hasNextPage: Boolean!", "hasPreviousPage: Boolean!", "startCursor: String", "endCursor: String"], PrintedSchema.Fields(PrintedSchema.One<GraphQLObjectTypeDefinition>("PageInfo").Fields));
    }

    [Contract("S9")]
    [Fact]
    public void Every_page_has_a_size_of_its_own_and_a_largest_one_that_are_written_down() => Assert.All(Connections, connection =>
    {
        var first = connection.Field.Arguments!.Items.Single(a => a.Name.StringValue == "first").Description!.Value.ToString();
        Assert.Matches("[0-9]+ unless given, at most [0-9]+", first);
    });

    [Contract("S2")]
    [Fact]
    public void Text_is_filtered_by_these_conditions() => Assert.Equal(
        [
            "and: [StringOperationFilterInput!]", "or: [StringOperationFilterInput!]", "eq: String", "neq: String", "contains: String", "ncontains: String", "in: [String]", "nin: [String]",
            "startsWith: String", "nstartsWith: String", "endsWith: String", "nendsWith: String",
        ],
        PrintedSchema.Inputs(PrintedSchema.One<GraphQLInputObjectTypeDefinition>("StringOperationFilterInput").Fields?.Items));

    [Contract("S3", "S4")]
    [Fact]
    public void Everything_else_is_filtered_by_the_conditions_of_its_kind()
    {
        var enums = PrintedSchema.All<GraphQLEnumTypeDefinition>().Select(e => e.Name.StringValue).ToHashSet();
        var filters = Inputs.Where(i => i.Name.StringValue.EndsWith("OperationFilterInput", StringComparison.Ordinal) && i.Name.StringValue != "StringOperationFilterInput").ToList();
        Assert.True(filters.Count > 5);
        foreach (var filter in filters)
        {
            var type = filter.Name.StringValue[..^"OperationFilterInput".Length];
            string[] names = type == "Boolean" ? Comparable[..2] : enums.Contains(type) ? Comparable[..4] : Comparable;
            Assert.Equal(names.Select(n => $"{n}: {(n is "in" or "nin" ? $"[{type}]" : type)}"), PrintedSchema.Inputs(filter.Fields?.Items));
        }
    }

    [Contract("S5")]
    [Fact]
    public void Lists_are_filtered_by_their_elements()
    {
        var filters = Inputs.Where(i => i.Name.StringValue.StartsWith("ListFilter", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(filters);
        Assert.All(filters, filter =>
        {
            var element = filter.Name.StringValue["ListFilterInputTypeOf".Length..];
            Assert.Equal([$"all: {element}", $"none: {element}", $"some: {element}", "any: Boolean"], PrintedSchema.Inputs(filter.Fields?.Items));
        });
    }

    [Contract("S6")]
    [Fact]
    public void Orders_are_ascending_or_descending()
    {
        Assert.Equal(["ASC", "DESC"], PrintedSchema.One<GraphQLEnumTypeDefinition>("SortEnumType").Values!.Items.Select(v => v.Name.StringValue));
        var orders = Inputs.Where(i => i.Name.StringValue.EndsWith("SortInput", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(orders);
        Assert.All(orders.SelectMany(o => PrintedSchema.Inputs(o.Fields?.Items)), field => Assert.EndsWith(": SortEnumType", field));
    }

    [Contract("S7", "S16")]
    [Fact]
    public void Mutations_take_an_input_and_return_a_payload_with_their_errors()
    {
        Assert.Equal(["message: String!"], PrintedSchema.Fields(PrintedSchema.One<GraphQLInterfaceTypeDefinition>("Error").Fields));
        foreach (var mutation in PrintedSchema.One<GraphQLObjectTypeDefinition>("Mutation").Fields!.Items)
        {
            var name = char.ToUpperInvariant(mutation.Name.StringValue[0]) + mutation.Name.StringValue[1..];
            Assert.Equal([$"input: {name}Input!"], PrintedSchema.Inputs(mutation.Arguments?.Items));
            Assert.Equal($"{name}Payload!", PrintedSchema.Written(mutation.Type));
            var payload = PrintedSchema.Fields(PrintedSchema.One<GraphQLObjectTypeDefinition>($"{name}Payload").Fields);
            Assert.Equal($"errors: [{name}Error!]", payload[^1]);
            Assert.All(payload, field => Assert.False(field.EndsWith('!'), field));
            Assert.All(PrintedSchema.One<GraphQLUnionTypeDefinition>($"{name}Error").Types!.Items, member =>
            {
                var error = PrintedSchema.One<GraphQLObjectTypeDefinition>(member.Name.StringValue);
                Assert.Contains("Error", error.Interfaces!.Items.Select(i => i.Name.StringValue));
                Assert.Contains("message: String!", PrintedSchema.Fields(error.Fields));
                Assert.Contains(typeof(DomainException).Assembly.GetTypes(), t => t.IsSubclassOf(typeof(DomainException)) && t.Name == $"{member.Name.StringValue[..^"Error".Length]}Exception");
            });
        }
    }

    [Contract("S8")]
    [Fact]
    public void Everything_with_a_global_id_is_found_by_it()
    {
        var query = PrintedSchema.One<GraphQLObjectTypeDefinition>("Query").Fields!.Items;

        Assert.Equal("node(id: ID!): Node", Signature("node"));
        Assert.Equal("nodes(ids: [ID!]!): [Node]!", Signature("nodes"));

        string Signature(string name)
        {
            var field = query.Single(f => f.Name.StringValue == name);
            return $"{name}({string.Join(", ", PrintedSchema.Inputs(field.Arguments?.Items))}): {PrintedSchema.Written(field.Type)}";
        }
    }

    [Contract("S14")]
    [Fact]
    public void Scalars_say_where_they_are_specified() => Assert.All((string[])["DateTime", "URL", "Long", "Upload"], name =>
        Assert.Contains("specifiedBy", PrintedSchema.One<GraphQLScalarTypeDefinition>(name).Directives!.Items.Select(d => d.Name.StringValue)));

    [Contract("S17")]
    [Fact]
    public void Filters_and_orders_have_a_weight()
    {
        Assert.All(Connections.SelectMany(c => c.Field.Arguments!.Items).Where(a => a.Name.StringValue is "where" or "order"), a => Assert.Equal("10", Weight(a.Directives)));
        foreach (var input in Inputs)
        {
            var isOperation = input.Name.StringValue.EndsWith("OperationFilterInput", StringComparison.Ordinal) || input.Name.StringValue.StartsWith("ListFilter", StringComparison.Ordinal);
            foreach (var field in input.Fields!.Items)
            {
                var expected = input.Name.StringValue.EndsWith("SortInput", StringComparison.Ordinal) ? "10"
                    : !isOperation || field.Name.StringValue is "and" or "or" ? null
                    : field.Name.StringValue.EndsWith("contains", StringComparison.Ordinal) || field.Name.StringValue.EndsWith("With", StringComparison.Ordinal) ? "20"
                    : "10";
                Assert.Equal(expected, Weight(field.Directives));
            }
        }

        static string? Weight(GraphQLDirectives? directives) =>
            (directives?.Items.SingleOrDefault(d => d.Name.StringValue == "cost")?.Arguments!.Items[0].Value as GraphQLStringValue)?.Value.ToString();
    }
}
