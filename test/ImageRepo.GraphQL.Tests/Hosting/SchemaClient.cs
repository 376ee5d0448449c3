using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageRepo.Domain.Accounts;

namespace ImageRepo.GraphQL.Tests.Hosting;

/// <summary>A GraphQL client of one caller.</summary>
public sealed class SchemaClient(HttpClient http, OwnerId owner)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public HttpClient Http { get; } = http;
    public OwnerId Owner { get; } = owner;

    /// <summary>The response as it came.</summary>
    public Task<HttpResponseMessage> PostAsync(string query, object? variables = null) =>
        Http.PostAsJsonAsync("/graphql", new { query, variables }, Json);

    /// <summary>The whole response.</summary>
    public async Task<JsonObject> SendAsync(string query, object? variables = null)
    {
        using var response = await PostAsync(query, variables);
        return await ReadAsync(response);
    }

    /// <summary>The data of a response without errors.</summary>
    public async Task<JsonObject> QueryAsync(string query, object? variables = null)
    {
        var response = await SendAsync(query, variables);
        Assert.False(response.ContainsKey("errors"), response.ToJsonString(Json));
        return response["data"]!.AsObject();
    }

    public static async Task<JsonObject> ReadAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();

    public static string? Code(JsonObject response) => (string?)response["errors"]?[0]?["extensions"]?["code"];

    public static string? Message(JsonObject response) => (string?)response["errors"]?[0]?["message"];

    /// <summary>Uploads files by the multipart request specification, as <c>variables.input.file</c> or <c>variables.inputN.file</c>.</summary>
    public async Task<HttpResponseMessage> UploadAsync(string query, object variables, params (string Path, string FileName, byte[] Content)[] files)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(JsonSerializer.Serialize(new { query, variables }, Json)), "operations" },
            { new StringContent(JsonSerializer.Serialize(files.Select((f, i) => (f.Path, i)).ToDictionary(f => f.i.ToString(), f => new[] { f.Path }))), "map" },
        };
        for (var i = 0; i < files.Length; i++)
        {
            form.Add(new ByteArrayContent(files[i].Content), i.ToString(), files[i].FileName);
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = form, Headers = { { "GraphQL-preflight", "1" } } };
        return await Http.SendAsync(request);
    }

    public const string UploadMutation = """
        mutation ($input: UploadImageInput!) {
          uploadImage(input: $input) {
            image { id fileName contentHash }
            isDuplicate
            errors { __typename ... on Error { message } }
          }
        }
        """;

    public async Task<JsonObject> UploadAsync(byte[] content, string fileName = "photo.jpg", params string[] tags)
    {
        using var response = await UploadAsync(UploadMutation, new { input = new { file = (object?)null, tags } }, ("variables.input.file", fileName, content));
        return await ReadAsync(response);
    }
}
