using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Processes;

/// <summary>Many uploads at the same time: each succeeds or is told clearly when to come again, and the node's memory is bounded.</summary>
[Collection(ProcessCollection.Name)]
[Trait("Category", "Full")]
public sealed class CrowdTests
{
    private const long AllowedMemory = 1L << 30;
    private const string Upload = "mutation($file: Upload!) { uploadImage(input: { file: $file }) { image { id contentHash original { url } } errors { ... on Error { message } } } }";

    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public Task Five_hundred_small_uploads_at_once(Store store) => UploadAllAsync(store, 500, 200_000);

    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public Task Twenty_large_uploads_at_once(Store store) => UploadAllAsync(store, 20, 50_000_000);

    private static async Task UploadAllAsync(Store store, int count, int bytes)
    {
        var settings = store == Store.S3 ? (await S3Server.CreateBucketAsync()).Select(s => (s.Key.Replace(":", "__", StringComparison.Ordinal), s.Value!)) : [];
        await using var app = await BuiltApp.StartAsync([.. settings, ("Roles", "web")]);
        using var person = await app.SignUpAsync("crowd");
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = person.Cookies, AllowAutoRedirect = false }) { BaseAddress = person.Http.BaseAddress, Timeout = TimeSpan.FromMinutes(9) };
        // What follows the end marker belongs to the file but not to the picture.
        var padding = new byte[bytes - new FileInfo(Repository.Photo("nuthatch.jpg")).Length];
        Random.Shared.NextBytes(padding);
        byte[] File() => [.. Photos.Variant(Repository.Photo("nuthatch.jpg")), .. padding];
        ConcurrentDictionary<string, string> stored = new();
        var (refused, unclear) = (0, new ConcurrentBag<string>());

        await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            var file = File();
            while (true)
            {
                using var response = await PostAsync(http, file);
                if (response is { StatusCode: HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests, Headers.RetryAfter.Delta: { } pause })
                {
                    Interlocked.Increment(ref refused);
                    await Task.Delay(pause);
                    continue;
                }
                var answer = await response.Content.ReadAsStringAsync();
                if (!UploadedOf(answer, out var url, out var hash))
                {
                    unclear.Add($"{(int)response.StatusCode}: {answer}");
                    return;
                }
                Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), hash);
                stored[url] = hash;
                return;
            }
        }));

        Assert.Empty(unclear);
        Assert.Equal(count, stored.Count);
        Assert.True(app.PeakMemory < AllowedMemory, $"{app.PeakMemory >> 20} MiB at most; {refused} were told to come again.");
        foreach (var (url, hash) in stored)
        {
            await using var original = await http.GetStreamAsync(url);
            Assert.Equal(hash, Convert.ToHexStringLower(await SHA256.HashDataAsync(original)));
        }
        Assert.Empty(app.Errors());
    }

    private static bool UploadedOf(string answer, out string url, out string hash)
    {
        var image = JsonNode.Parse(answer)?["data"]?["uploadImage"]?["image"];
        (url, hash) = ((string?)image?["original"]?["url"] ?? "", (string?)image?["contentHash"] ?? "");
        return image is not null;
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, byte[] photo)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(JsonSerializer.Serialize(new { query = Upload, variables = new { file = (string?)null } })), "operations" },
            { new StringContent("""{"0":["variables.file"]}"""), "map" },
            { new ByteArrayContent(photo), "0", "nuthatch.jpg" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = form };
        request.Headers.Add("GraphQL-preflight", "1");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return await http.SendAsync(request);
    }
}
