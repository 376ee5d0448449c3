using GraphQLParser;
using GraphQLParser.AST;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.GraphQL.Tests.Schema;

/// <summary>The schema as the code prints it, without a database.</summary>
internal static class PrintedSchema
{
    public static string Text { get; } = Print();

    public static GraphQLDocument Document { get; } = Parser.Parse(Text, new ParserOptions { Ignore = IgnoreOptions.Comments });

    public static IEnumerable<T> All<T>() where T : ASTNode, INamedNode => Document.Definitions.OfType<T>();

    public static T One<T>(string name) where T : ASTNode, INamedNode => All<T>().Single(d => d.Name.StringValue == name);

    /// <summary>The fields of an object or an interface, each as "name: Type".</summary>
    public static string[] Fields(GraphQLFieldsDefinition? fields) => [.. (fields?.Items ?? []).Select(f => $"{f.Name.StringValue}: {Written(f.Type)}")];

    public static string[] Inputs(IEnumerable<GraphQLInputValueDefinition>? values) => [.. (values ?? []).Select(v => $"{v.Name.StringValue}: {Written(v.Type)}")];

    public static string Written(GraphQLType type) => type switch
    {
        GraphQLNonNullType required => Written(required.Type) + "!",
        GraphQLListType list => $"[{Written(list.Type)}]",
        GraphQLNamedType named => named.Name.StringValue,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static string Print()
    {
        var configuration = new ConfigurationBuilder().Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddImageRepoGraphQL(configuration).BuildServiceProvider();
        return SchemaPrinter.Print(services);
    }
}
