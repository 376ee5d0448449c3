using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ImageRepo.GraphQL.Execution;

namespace ImageRepo.GraphQL.Transport;

/// <summary>Why a WebSocket is closed: the codes of the graphql-transport-ws protocol, and of RFC 6455 below 4000.</summary>
internal sealed record SocketClose(int Code, string Reason)
{
    public static SocketClose GoingAway { get; } = new(1001, "Going away");
    public static SocketClose TooBig { get; } = new(1009, "Message too big");
    public static SocketClose Failed { get; } = new(1011, "Internal server error");
    public static SocketClose Unavailable { get; } = new(1013, "Try again later");
    public static SocketClose TooManyStreams { get; } = new(1013, "Too many streams are open");
    public static SocketClose Unauthorized { get; } = new(4401, "Unauthorized");
    public static SocketClose Forbidden { get; } = new(4403, "Forbidden");
    public static SocketClose NoSubprotocol { get; } = new(4406, "Subprotocol not acceptable");
    public static SocketClose InitTimeout { get; } = new(4408, "Connection initialisation timeout");
    public static SocketClose TooManyInits { get; } = new(4429, "Too many initialisation requests");

    public static SocketClose Invalid(string reason) => new(4400, reason);

    /// <summary>The frame has room for 123 bytes of reason, so only short ids are named.</summary>
    public static SocketClose Duplicate(string id) => new(4409, id.Length <= 36 && id.All(char.IsAscii) ? $"Subscriber for {id} already exists" : "Subscriber already exists");
}

/// <summary>A message of the graphql-transport-ws protocol as it arrives.</summary>
internal sealed record SocketMessage(string Type, string? Id, JsonElement? Payload, SchemaRequest? Request)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <exception cref="FormatException">It is no message of the protocol.</exception>
    public static SocketMessage Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return Read(document.RootElement);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or BadRequestException)
        {
            // InvalidOperationException: half of a surrogate pair in a string.
            throw new FormatException("Invalid message received", broken);
        }
    }

    private static SocketMessage Read(JsonElement root)
    {
        var type = Text(root, "type");
        var payload = root.TryGetProperty("payload", out var value) ? value : (JsonElement?)null;
        switch (type)
        {
            case "connection_init" or "ping" or "pong" when payload is null or { ValueKind: JsonValueKind.Object or JsonValueKind.Null }:
                return new SocketMessage(type, null, payload is { ValueKind: JsonValueKind.Object } content ? content.Clone() : null, null);
            case "subscribe" when payload is { } operation && operation.ValueKind == JsonValueKind.Object && operation.TryGetProperty("query", out _):
                return new SocketMessage(type, Text(root, "id"), null, RequestReader.Read(operation));
            case "complete":
                return new SocketMessage(type, Text(root, "id"), null, null);
            default:
                throw new FormatException("Invalid message received");
        }
    }

    private static string Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw new FormatException($"Message is missing the '{name}' property");
}

/// <summary>Messages of the graphql-transport-ws protocol as they are sent.</summary>
internal static class SocketReplies
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 512 };

    public static ReadOnlyMemory<byte> Of(string type, string? id = null, JsonElement? payload = null) =>
        Write(type, id, payload is { } value ? value.WriteTo : null);

    public static ReadOnlyMemory<byte> Next(string id, SchemaResponse response, SchemaJson json) =>
        Write("next", id, writer => writer.WriteRawValue(Result(response, json).WrittenSpan, skipInputValidation: true));

    /// <summary>Nothing was executed: the errors, as the protocol has them without the response around.</summary>
    public static ReadOnlyMemory<byte> Error(string id, SchemaResponse response, SchemaJson json)
    {
        using var result = JsonDocument.Parse(Result(response, json).WrittenMemory, new JsonDocumentOptions { MaxDepth = 512 });
        return Write("error", id, result.RootElement.GetProperty("errors").WriteTo);
    }

    private static ArrayBufferWriter<byte> Result(SchemaResponse response, SchemaJson json)
    {
        var result = new ArrayBufferWriter<byte>(1 << 10);
        json.Write(result, response.Result);
        return result;
    }

    private static ReadOnlyMemory<byte> Write(string type, string? id, Action<Utf8JsonWriter>? payload)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            writer.WriteStartObject();
            if (id is not null)
            {
                writer.WriteString("id", id);
            }
            writer.WriteString("type", type);
            if (payload is not null)
            {
                writer.WritePropertyName("payload");
                payload(writer);
            }
            writer.WriteEndObject();
        }
        return output.WrittenMemory;
    }
}
