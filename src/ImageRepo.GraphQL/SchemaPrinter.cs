using GraphQL.Types;
using GraphQL.Utilities;
using GraphQLParser.AST;
using ImageRepo.GraphQL.Scalars;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.GraphQL;

/// <summary>Writes the schema in the schema definition language, as <c>schema.graphql</c> at the root keeps it.</summary>
public static class SchemaPrinter
{
    /// <param name="services">A provider after <c>AddImageRepoGraphQL</c>; no database is touched.</param>
    public static string Print(IServiceProvider services)
    {
        var writer = new StringWriter { NewLine = "\n" };
        var document = new Exporter(services.GetRequiredService<ISchema>()).Export();
        var printer = new global::GraphQLParser.Visitors.SDLPrinter(new global::GraphQLParser.Visitors.SDLPrinterOptions
        {
            PrintComments = false,
            EachDirectiveLocationOnNewLine = false,
            EachUnionMemberOnNewLine = false,
        });
        printer.PrintAsync(document, writer).AsTask().GetAwaiter().GetResult();
        return writer.ToString().ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
    }

    /// <summary>In an order that depends on names alone, so that a change shows as itself.</summary>
    private sealed class Exporter(ISchema schema) : SchemaExporter(schema)
    {
        public override GraphQLDocument Export()
        {
            var document = base.Export();
            // The specification defines @specifiedBy, so it is not defined again.
            return new GraphQLDocument([.. document.Definitions
                .Where(d => d is not GraphQLDirectiveDefinition { Name.StringValue: SpecifiedByDirective.DirectiveName })
                .OrderBy(Rank).ThenBy(Name, StringComparer.Ordinal)]);
        }

        private static int Rank(ASTNode node) => Name(node) switch
        {
            "" => 0,
            "Query" => 1,
            "Mutation" => 2,
            "Subscription" => 3,
            _ => 4,
        };

        private static string Name(ASTNode node) => (node as INamedNode)?.Name.StringValue ?? "";
    }
}
