using System.Text.Json;
using ImageRepo.GraphQL.Execution;

namespace ImageRepo.GraphQL.Transport;

/// <summary>What arrived is no GraphQL request; the code is Hot Chocolate's.</summary>
internal sealed class BadRequestException(string code, string message, int status = 400, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
    public int Status { get; } = status;
}

/// <summary>Reads the JSON form of a request.</summary>
internal static class RequestReader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <exception cref="BadRequestException">HC0012: no JSON. HC0009: JSON that is no request.</exception>
    public static SchemaRequest Read(ReadOnlyMemory<byte> json) => Parse(json, Read);

    /// <summary>Reads one request, or the array of them that a batch is.</summary>
    /// <exception cref="BadRequestException">HC0012: no JSON. HC0009: JSON that is neither, or more requests than allowed.</exception>
    public static (SchemaRequest? One, IReadOnlyList<SchemaRequest>? Batch) ReadOneOrMany(ReadOnlyMemory<byte> json, int maxBatch) =>
        Parse<(SchemaRequest?, IReadOnlyList<SchemaRequest>?)>(json, root => root.ValueKind != JsonValueKind.Array ? (Read(root), null) : root.GetArrayLength() switch
        {
            0 => throw new BadRequestException("HC0009", "The batch holds no request."),
            var count when count > maxBatch => throw new BadRequestException("HC0009", $"The batch holds {count} requests; at most {maxBatch} are allowed."),
            _ => (null, root.EnumerateArray().Select(Read).ToList()),
        });

    private static T Parse<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return read(document.RootElement);
        }
        catch (JsonException broken)
        {
            throw new BadRequestException("HC0012", "The request is not valid JSON.", inner: broken);
        }
        catch (FormatException broken)
        {
            throw new BadRequestException("HC0012", $"The request can't be read. {broken.Message}", inner: broken);
        }
    }

    /// <summary>Reads one parameter of a GET request, which is a JSON object.</summary>
    public static Dictionary<string, object?> ReadObject(string? text, string name)
    {
        if (string.IsNullOrEmpty(text))
        {
            return [];
        }
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return Object(document.RootElement, name);
        }
        catch (Exception broken) when (broken is JsonException or FormatException or ArgumentException)
        {
            throw new BadRequestException("HC0012", $"The parameter {name} is not valid JSON.", inner: broken);
        }
    }

    /// <exception cref="BadRequestException">HC0009: it is no request.</exception>
    /// <exception cref="FormatException">A text holds broken Unicode, or a number is beyond any type.</exception>
    public static SchemaRequest Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new BadRequestException("HC0009", root.ValueKind == JsonValueKind.Array
                ? "A batch is not possible here; send one request." : "The request must be a JSON object.");
        }
        var hash = root.TryGetProperty("extensions", out var extensions) ? PersistedQueryExtension.HashOf(Object(extensions, "extensions")) : null;
        return new SchemaRequest(
            Text(root, "query"), Text(root, "operationName"),
            root.TryGetProperty("variables", out var variables) ? Object(variables, "variables") : [])
        {
            DocumentHash = hash,
        };
    }

    private static string? Text(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        if (value.ValueKind != JsonValueKind.String)
        {
            throw new BadRequestException("HC0009", $"The `{name}` of a request must be a string.");
        }
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException broken)
        {
            throw new FormatException($"The `{name}` holds broken Unicode.", broken);
        }
    }

    private static Dictionary<string, object?> Object(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Object => Variables.Read(value),
        _ => throw new BadRequestException("HC0009", $"The `{name}` of a request must be an object."),
    };
}
