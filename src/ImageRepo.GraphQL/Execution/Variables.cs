using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using ImageRepo.Domain;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Transport;

namespace ImageRepo.GraphQL.Execution;

/// <summary>Variables as the engine wants them: dictionaries, lists, strings, numbers, booleans and files.</summary>
internal static class Variables
{
    /// <exception cref="FormatException">A string is broken or a number too large for any type.</exception>
    public static Dictionary<string, object?> Read(JsonElement json) => json.EnumerateObject()
        .GroupBy(p => Text(() => p.Name), p => p.Value).ToDictionary(p => p.Key, p => ReadValue(p.Last()));

    /// <summary>Takes over what pages write in code.</summary>
    public static Dictionary<string, object?> From(IEnumerable<KeyValuePair<string, object?>> variables) =>
        variables.ToDictionary(v => v.Key, v => FromValue(v.Value));

    private static object? FromValue(object? value) => value switch
    {
        null or string or bool or int or long or double or BigInteger or ReceivedFile => value,
        StagedUpload staged => ReceivedFile.Staged(staged),
        DomainException refusal => ReceivedFile.Refused(refusal),
        JsonElement json => ReadValue(json),
        Guid id => id.ToString(),
        Enum name => name.ToString().ToUpperInvariant(),
        DateTimeOffset moment => moment.ToString("O", CultureInfo.InvariantCulture),
        float or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        short or byte => Convert.ToInt32(value, CultureInfo.InvariantCulture),
        IEnumerable<KeyValuePair<string, object?>> fields => From(fields),
        IEnumerable items => items.Cast<object?>().Select(FromValue).ToList(),
        _ => throw new ArgumentException($"A variable can't be a {value.GetType().Name}.", nameof(value)),
    };

    private static object? ReadValue(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Read(json),
        JsonValueKind.Array => json.EnumerateArray().Select(ReadValue).ToList(),
        JsonValueKind.String => Text(() => json.GetString()!),
        JsonValueKind.Number => Number(json),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static object Number(JsonElement json)
    {
        if (json.TryGetInt32(out var small))
        {
            return small;
        }
        if (json.TryGetInt64(out var large))
        {
            return large;
        }
        return json.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw new FormatException("A number is too large.");
    }

    /// <summary>A string in JSON can hold half of a surrogate pair, which is no text.</summary>
    private static string Text(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException broken)
        {
            throw new FormatException("A string holds broken Unicode.", broken);
        }
    }
}
