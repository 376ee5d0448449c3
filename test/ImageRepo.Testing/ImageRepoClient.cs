using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ImageRepo.Testing;

/// <summary>One browser's view of the product: keeps cookies, follows no redirect by itself, fills in the tokens of forms.</summary>
public sealed partial class ImageRepoClient : IDisposable
{
    public const string Password = "a quiet harbour at dawn";

    private const string UploadDocument =
        "mutation($file: Upload!) { uploadImage(input: { file: $file }) { isDuplicate image { id fileName } errors { __typename ... on Error { message } } } }";
    private static readonly TimeSpan AnalysisTimeout = TimeSpan.FromMinutes(2);


    public ImageRepoClient(Uri address)
    {
        Cookies = new CookieContainer();
        Http = new HttpClient(new HttpClientHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = address };
    }

    /// <summary>By a way of its own, such as through a proxy; it keeps its cookies in these.</summary>
    public ImageRepoClient(HttpClient http, CookieContainer cookies) => (Http, Cookies) = (http, cookies);

    public string UserName { get; private set; } = "";

    public CookieContainer Cookies { get; }

    public HttpClient Http { get; }

    public async Task SignUpAsync(string name)
    {
        using var response = await PostFormAsync("/account/sign-up", new() { ["UserName"] = name, ["Password"] = Password, ["ConfirmPassword"] = Password });
        RequireStatus(response, HttpStatusCode.Redirect);
        UserName = name;
    }

    public Task<HttpResponseMessage> SignInAsync(string name, string password, string? returnUrl = null) =>
        PostFormAsync("/account/sign-in" + (returnUrl is null ? "" : $"?returnUrl={Uri.EscapeDataString(returnUrl)}"), new() { ["UserName"] = name, ["Password"] = password });

    /// <summary>The page's text; fails unless it is 200.</summary>
    public async Task<string> GetPageAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        RequireStatus(response, HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Sends a form as a browser does, with the token that the page holds.</summary>
    public async Task<HttpResponseMessage> PostFormAsync(string path, Dictionary<string, string> fields, string? pageWithToken = null)
    {
        var form = new Dictionary<string, string>(fields) { ["requestVerificationToken"] = await TokenAsync(pageWithToken ?? path) };
        return await Http.PostAsync(path, new FormUrlEncodedContent(form));
    }

    /// <summary>The antiforgery token in a page's form.</summary>
    public async Task<string> TokenAsync(string path)
    {
        var match = TokenField().Match(await GetPageAsync(path));
        return match.Success ? match.Groups[1].Value : throw new InvalidOperationException($"{path} holds no form with a token.");
    }

    /// <summary>Uploads and gives the id; fails when the schema refuses it.</summary>
    public async Task<string> UploadAsync(byte[] content, string fileName)
    {
        var payload = await TryUploadAsync(content, fileName);
        return payload.GetProperty("image") is { ValueKind: JsonValueKind.Object } image
            ? image.GetProperty("id").GetString()!
            : throw new InvalidOperationException($"{fileName} was refused: {payload}");
    }

    public async Task<string> UploadAsync(string path) => await UploadAsync(await File.ReadAllBytesAsync(path), Path.GetFileName(path));

    /// <summary>Uploads by the GraphQL multipart request specification; gives the payload.</summary>
    public async Task<JsonElement> TryUploadAsync(byte[] content, string fileName)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(JsonSerializer.Serialize(new { query = UploadDocument, variables = new { file = (string?)null } })), "operations" },
            { new StringContent("""{"0":["variables.file"]}"""), "map" },
            { new ByteArrayContent(content), "0", fileName },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = form };
        request.Headers.Add("GraphQL-preflight", "1");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await Http.SendAsync(request);
        return Data(await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("uploadImage");
    }

    /// <summary>Executes a document and gives its data; fails when there are errors.</summary>
    public async Task<JsonElement> GraphQLAsync(string document, object? variables = null)
    {
        using var response = await Http.PostAsJsonAsync("/graphql", new { query = document, variables });
        return Data(await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Waits until the image is analysed, in whatever way it ends, and gives that status.</summary>
    public async Task<string> WaitForAnalysisAsync(string id)
    {
        for (var deadline = DateTime.UtcNow + AnalysisTimeout; DateTime.UtcNow < deadline; await Task.Delay(100))
        {
            var data = await GraphQLAsync("query($id: ID!) { image(id: $id) { analysis { status } } }", new { id });
            var status = data.GetProperty("image").GetProperty("analysis").GetProperty("status").GetString()!;
            if (status is "COMPLETED" or "FAILED")
            {
                return status;
            }
        }
        throw new TimeoutException($"Image {id} was not analysed within {AnalysisTimeout}.");
    }

    /// <summary>The address of an image's page.</summary>
    public static string PageOf(string id) => "/images/" + id.TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public void Dispose() => Http.Dispose();

    private static JsonElement Data(JsonElement answer) => answer.TryGetProperty("errors", out var errors)
        ? throw new InvalidOperationException($"The schema answered with errors: {errors}")
        : answer.GetProperty("data");

    private static void RequireStatus(HttpResponseMessage response, HttpStatusCode status)
    {
        if (response.StatusCode != status)
        {
            throw new InvalidOperationException($"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode}, not {(int)status}: {response.Content.ReadAsStringAsync().GetAwaiter().GetResult()}");
        }
    }

    [GeneratedRegex("name=\"requestVerificationToken\"[^>]* value=\"([^\"]+)\"")]
    private static partial Regex TokenField();
}
