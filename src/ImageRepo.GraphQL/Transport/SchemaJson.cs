using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using GraphQL;
using GraphQL.SystemTextJson;
using ImageRepo.GraphQL.Errors;

namespace ImageRepo.GraphQL.Transport;

/// <summary>Results as JSON: errors first, then data; apostrophes and plus signs as they are.</summary>
internal sealed class SchemaJson
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 512 };

    private readonly JsonSerializerOptions _options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 512,
        Converters = { new ExecutionResultJsonConverter(), new ExecutionErrorJsonConverter(new SchemaErrorInfo()) },
    };

    public void Write(IBufferWriter<byte> output, ExecutionResult result)
    {
        using var writer = new Utf8JsonWriter(output, WriterOptions);
        JsonSerializer.Serialize(writer, result, _options);
    }

    public JsonElement? Data(ExecutionResult result)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, result);
        using var json = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = 512 });
        return json.RootElement.TryGetProperty("data", out var data) ? data.Clone() : null;
    }
}
