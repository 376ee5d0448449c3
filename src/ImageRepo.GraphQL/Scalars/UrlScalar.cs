using GraphQL.Types;
using GraphQLParser.AST;

namespace ImageRepo.GraphQL.Scalars;

internal sealed class UrlScalar : ScalarGraphType
{
    public UrlScalar()
    {
        Name = "URL";
        Description = "An absolute URL.";
        this.SpecifiedByUrl("https://www.rfc-editor.org/rfc/rfc3986");
    }

    public override object? ParseLiteral(GraphQLValue value) => value switch
    {
        GraphQLStringValue text => ParseValue((string)text.Value),
        GraphQLNullValue => null,
        _ => ThrowLiteralConversionError(value),
    };

    public override object? ParseValue(object? value) => value switch
    {
        null => null,
        Uri url => url,
        string text when Uri.TryCreate(text, UriKind.Absolute, out var url) => url,
        _ => ThrowValueConversionError(value),
    };

    public override object? Serialize(object? value) => value switch
    {
        null => null,
        Uri url => url.AbsoluteUri,
        _ => ThrowSerializationError(value),
    };
}
