using GraphQL;
using GraphQL.Resolvers;
using GraphQL.Types;
using GraphQL.Utilities;

namespace ImageRepo.GraphQL.Scalars;

/// <summary>What the specification's introspection has and the engine's lacks: tools ask for it by default.</summary>
internal sealed class IntrospectionAdditions : BaseSchemaNodeVisitor
{
    public override void VisitObject(IObjectGraphType type, ISchema schema)
    {
        switch (type.Name)
        {
            case "__Type" when type.Fields.Find("specifiedByURL") is null:
                type.AddField(new FieldType
                {
                    Name = "specifiedByURL",
                    Description = "Where the behaviour of a custom scalar is specified.",
                    ResolvedType = schema.AllTypes["String"],
                    Resolver = new FuncFieldResolver<IGraphType, string?>(context => UrlOf(context.Source)),
                });
                break;
            case "__Directive" when type.Fields.Find("args") is { } args && args.Arguments?.Find("includeDeprecated") is null:
                // No directive here has a deprecated argument, so there is nothing to leave out.
                args.Arguments ??= [];
                args.Arguments.Add(new QueryArgument(schema.AllTypes["Boolean"]!) { Name = "includeDeprecated", DefaultValue = false });
                break;
        }
    }

    private static string? UrlOf(IGraphType type) =>
        type.GetAppliedDirectives()?.Find(SpecifiedByDirective.DirectiveName)?.FindArgument(SpecifiedByDirective.Url)?.Value as string;
}
