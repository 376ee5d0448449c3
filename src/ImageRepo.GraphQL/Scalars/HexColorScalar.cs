using GraphQL.Types;
using GraphQLParser.AST;
using ImageRepo.Domain.Colors;

namespace ImageRepo.GraphQL.Scalars;

internal sealed class HexColorScalar : ScalarGraphType
{
    public HexColorScalar()
    {
        Name = "HexColor";
        Description = "An sRGB colour as # and six hexadecimal digits, for example `#873B59`. `#FFF` is read as `#FFFFFF`.";
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
        HexColor color => color,
        string text when HexColor.TryParse(text, out var color) => color,
        _ => ThrowValueConversionError(value),
    };

    public override object? Serialize(object? value) => value switch
    {
        null => null,
        HexColor color => color.ToString(),
        _ => ThrowSerializationError(value),
    };
}
