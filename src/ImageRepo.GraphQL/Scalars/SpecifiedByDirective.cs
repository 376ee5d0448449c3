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

    /// <summary>The engine hides directives of the schema itself, unlike the specification.</summary>
    public override bool? Introspectable => true;

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
