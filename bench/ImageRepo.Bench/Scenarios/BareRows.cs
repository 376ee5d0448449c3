using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;

namespace ImageRepo.Bench.Scenarios;

/// <summary>The newest 30 images as a program would serve them that does nothing else: one prepared statement, straight into JSON.</summary>
internal static class BareRows
{
    private const string Sql = $"select {Lists.Columns} from image i where owner_id = $1 and deleted_at is null order by id desc limit 31";
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static async Task WriteAsync(NpgsqlDataSource dataSource, PipeWriter body, CancellationToken cancellationToken)
    {
        await using (var json = new Utf8JsonWriter((IBufferWriter<byte>)body, Options))
        {
            await WriteAsync(dataSource, json, cancellationToken);
        }
        await body.FlushAsync(cancellationToken);
    }

    private static async Task WriteAsync(NpgsqlDataSource dataSource, Utf8JsonWriter json, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new NpgsqlParameter { Value = Product.Owner } } };
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        json.WriteStartArray();
        for (var row = 0; row < 30 && await reader.ReadAsync(cancellationToken); row++)
        {
            json.WriteStartObject();
            json.WriteString("id", Lists.GlobalId(reader.GetGuid(0)));
            json.WriteString("fileName", reader.GetString(1));
            json.WriteNumber("width", reader.GetInt32(2));
            json.WriteNumber("height", reader.GetInt32(3));
            json.WriteString("uploadedAt", reader.GetDateTime(4));
            Copy(json, "tags", reader.GetString(5), ["name"]);
            Copy(json, "colors", reader.GetString(6), ["hex", "share"]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Copy(Utf8JsonWriter json, string name, string stored, string[] fields)
    {
        using var list = JsonDocument.Parse(stored);
        json.WriteStartArray(name);
        foreach (var element in list.RootElement.EnumerateArray())
        {
            json.WriteStartObject();
            foreach (var field in fields)
            {
                json.WritePropertyName(field);
                element.GetProperty(field).WriteTo(json);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
