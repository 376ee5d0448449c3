using System.Globalization;
using System.Text.RegularExpressions;
using GraphQL.Types;
using GraphQLParser.AST;

namespace ImageRepo.GraphQL.Scalars;

/// <summary>RFC 3339 with an offset; the engine's own accepts none.</summary>
internal sealed partial class DateTimeScalar : ScalarGraphType
{
    public DateTimeScalar()
    {
        Name = "DateTime";
        Description = "A moment in time with its offset from UTC, as in `2024-05-17T09:30:00Z` or `2024-05-17T11:30:00+02:00`.";
        this.SpecifiedByUrl("https://www.graphql-scalars.com/date-time/");
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
        DateTimeOffset moment => moment.ToUniversalTime(),
        string text when TryParse(text, out var moment) => moment,
        _ => ThrowValueConversionError(value),
    };

    public override object? Serialize(object? value) => value switch
    {
        null => null,
        DateTimeOffset { Offset: var offset } moment => moment.ToString(
            offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
        _ => ThrowSerializationError(value),
    };

    private static bool TryParse(string text, out DateTimeOffset moment)
    {
        moment = default;
        if (!Rfc3339().IsMatch(text) ||
            !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment))
        {
            return false;
        }
        // PostgreSQL keeps microseconds; what is finer would compare differently there than here.
        moment = new DateTimeOffset(moment.Ticks - moment.Ticks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        return true;
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,7})?([Zz]|[+-]\d{2}:\d{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();
}
