using GraphQL;
using GraphQL.Types;
using GraphQL.Utilities;
using GraphQLParser.AST;

namespace ImageRepo.GraphQL.Scalars;

/// <summary>The directive of the specification, which the engine lacks.</summary>
internal sealed class SpecifiedByDirective : Directive
{
    public const string DirectiveName = "specifiedBy";
    public const string Url = "url";

    public SpecifiedByDirective() : base(DirectiveName, DirectiveLocation.Scalar)
    {
        Description = "Tells where the behaviour of a custom scalar is specified.";
        Arguments = new QueryArguments(new QueryArgument<NonNullGraphType<StringGraphType>>
        {
            Name = Url,
            Description = "The URL of the specification.",
        });
    }
}

internal static class SpecifiedBy
{
    public static void SpecifiedByUrl(this ScalarGraphType scalar, string url) =>
        scalar.ApplyDirective(SpecifiedByDirective.DirectiveName, SpecifiedByDirective.Url, url);
}

/// <summary>Adds <c>__Type.specifiedByURL</c> to the introspection.</summary>
internal sealed class SpecifiedByUrlField : BaseSchemaNodeVisitor
{
    public override void VisitObject(IObjectGraphType type, ISchema schema)
    {
        if (type.Name == "__Type" && type.Fields.Find("specifiedByURL") is null)
        {
            type.AddField(new FieldType
            {
                Name = "specifiedByURL",
                Description = "Where the behaviour of a custom scalar is specified.",
                ResolvedType = new StringGraphType(),
                Resolver = new global::GraphQL.Resolvers.FuncFieldResolver<IGraphType, string?>(context => UrlOf(context.Source)),
            });
        }
    }

    private static string? UrlOf(IGraphType type) =>
        type.GetAppliedDirectives()?.Find(SpecifiedByDirective.DirectiveName)?.FindArgument(SpecifiedByDirective.Url)?.Value as string;
}
