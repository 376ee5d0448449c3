using System.Text.Json;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Api;

/// <summary>Uploads in parts as a client of the API does.</summary>
internal sealed class PartsClient(ImageRepoClient person)
{
    private const string BeginDocument =
        "mutation($input: BeginUploadInput!) { beginUpload(input: $input) { upload { id partSize parts { number url isReceived headers { name value } } } errors { ... on Error { message } } } }";

    private const string CompleteDocument =
        "mutation($id: ID!) { completeUpload(input: { uploadId: $id }) { image { id byteSize contentHash original { url } } isDuplicate samePicture { id } errors { __typename ... on Error { message } } } }";

    // Without the person's cookies: the address alone allows it.
    private static readonly HttpClient Anybody = new();

    public async Task<JsonElement> BeginAsync(long byteSize, string? uploadId = null, string? contentHash = null) =>
        (await person.GraphQLAsync(BeginDocument, new { input = new { uploadId, fileName = "large.jpg", byteSize, contentHash } })).GetProperty("beginUpload").GetProperty("upload");

    public async Task<JsonElement> CompleteAsync(JsonElement upload) =>
        (await person.GraphQLAsync(CompleteDocument, new { id = upload.GetProperty("id").GetString() })).GetProperty("completeUpload");

    public static Uri UrlOf(JsonElement upload, int part) => new(upload.GetProperty("parts")[part - 1].GetProperty("url").GetString()!);

    public static async Task<HttpResponseMessage> PutAsync(Uri url, HttpContent content, CancellationToken cancellationToken = default) =>
        await Anybody.PutAsync(url, content, cancellationToken);

    /// <summary>Sends the parts that have not arrived, a few at a time.</summary>
    /// <param name="read">Gives the bytes from an offset on, of that length.</param>
    public static async Task SendMissingAsync(JsonElement upload, long byteSize, Func<long, int, byte[]> read, int parallel = 3)
    {
        var partSize = upload.GetProperty("partSize").GetInt64();
        var missing = upload.GetProperty("parts").EnumerateArray().Where(p => !p.GetProperty("isReceived").GetBoolean());
        await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = parallel }, async (part, cancellationToken) =>
        {
            var offset = (part.GetProperty("number").GetInt32() - 1) * partSize;
            using var content = new ByteArrayContent(read(offset, (int)Math.Min(partSize, byteSize - offset)));
            using var response = await PutAsync(part, content, cancellationToken);
            response.EnsureSuccessStatusCode();
        });
    }

    /// <summary>With the headers that the part is to have.</summary>
    /// <param name="part">As `beginUpload` lists it.</param>
    public static Task<HttpResponseMessage> PutAsync(JsonElement part, HttpContent content, CancellationToken cancellationToken = default)
    {
        foreach (var header in part.GetProperty("headers").EnumerateArray())
        {
            content.Headers.TryAddWithoutValidation(header.GetProperty("name").GetString()!, header.GetProperty("value").GetString());
        }
        return PutAsync(new Uri(part.GetProperty("url").GetString()!), content, cancellationToken);
    }

    public static Func<long, int, byte[]> Reader(byte[] file) => (offset, length) => file[(int)offset..((int)offset + length)];
}
