using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Processes;

public sealed class UnreadableFolderTests
{
    private const string FileName = "Geheimes Treffen am Hafen.jpg";
    private const int HeldBack = 20_000;
    private const int MagicIsSoughtIn = 4096;

    [Fact]
    public async Task No_file_is_a_picture_during_an_upload_or_after_and_the_log_holds_no_secret()
    {
        await using var app = await BuiltApp.StartAsync();
        using var person = await app.SignUpAsync("discreet");
        var photo = Photos.Variant(Repository.Photo("mountains.jpg"));
        using var request = Request(photo, out var pipe, out var body);
        var sending = person.Http.SendAsync(request);

        // All but the end: the app has the greater part of the photo and waits for the rest.
        await pipe.Writer.WriteAsync(body.AsMemory(0, body.Length - HeldBack));
        await UntilStagedAsync(app, photo.Length / 2);
        Assert.Empty(Readable(app, photo));
        await pipe.Writer.WriteAsync(body.AsMemory(body.Length - HeldBack));
        await pipe.Writer.CompleteAsync();
        using var response = await sending;
        var id = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement
            .GetProperty("data").GetProperty("uploadImage").GetProperty("image").GetProperty("id").GetString()!;
        Assert.Empty(Readable(app, photo));
        Assert.Equal("COMPLETED", await person.WaitForAnalysisAsync(id));
        Assert.Empty(Readable(app, photo));

        // Use of every kind, good and bad, so that the log has reasons to speak.
        var data = await person.GraphQLAsync("query($id: ID!) { image(id: $id) { original { url } rendition(width: 320) { url } } }", new { id });
        string[] links = [.. new[] { "original", "rendition" }.Select(f => data.GetProperty("image").GetProperty(f).GetProperty("url").GetString()!)];
        foreach (var link in links)
        {
            Assert.Equal(HttpStatusCode.OK, (await person.Http.GetAsync(link)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await person.Http.GetAsync(link + "A")).StatusCode);
        }
        Assert.Equal(JsonValueKind.Null, (await person.TryUploadAsync(photo[..(photo.Length / 2)], FileName)).GetProperty("image").ValueKind);
        using var stranger = app.Visit();
        using var wrong = await stranger.SignInAsync(person.UserName, "not the " + ImageRepoClient.Password);
        await person.GetPageAsync("/images");
        Assert.Equal(0, await app.StopAsync());

        string[] secrets = [FileName, .. links.Select(l => l[(l.LastIndexOf('/') + 1)..]), .. person.Cookies.GetAllCookies().Select(c => c.Value), ImageRepoClient.Password];
        Assert.NotEmpty(app.Log);
        Assert.True(secrets.Length >= 5, "There is no cookie to look for.");
        Assert.DoesNotContain(app.Log, line => secrets.Any(s => line.Contains(s, StringComparison.Ordinal)));
        Assert.Empty(app.Errors());
    }

    [Fact]
    public void Pictures_are_recognised_where_they_are()
    {
        var photo = Photos.Variant(Repository.Photo("mountains.jpg"));

        Assert.True(IsPicture(photo, [1]));
        Assert.True(IsPicture([.. new byte[4000], .. photo[..100]], [1]));
        Assert.True(IsPicture([0, 0x89, .. "PNG\r\n\x1a\n"u8, 0], [1]));
        Assert.True(IsPicture([0, .. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP8 "u8], [1]));
        Assert.True(IsPicture([.. new byte[50_000], .. photo[..64]], photo));
        Assert.False(IsPicture(new byte[50_000], photo));
    }

    private static HttpRequestMessage Request(byte[] photo, out Pipe pipe, out byte[] body)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("""{"query":"mutation($file: Upload!) { uploadImage(input: { file: $file }) { image { id } } }","variables":{"file":null}}"""), "operations" },
            { new StringContent("""{"0":["variables.file"]}"""), "map" },
            { new ByteArrayContent(photo), "0", FileName },
        };
        body = form.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        // Everything is written at once, whoever reads it slowly.
        pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var content = new StreamContent(pipe.Reader.AsStream());
        content.Headers.ContentType = form.Headers.ContentType;
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = content };
        request.Headers.Add("GraphQL-preflight", "1");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return request;
    }

    private static async Task UntilStagedAsync(BuiltApp app, long length)
    {
        for (var attempt = 0; !new DirectoryInfo(app.Objects).EnumerateFiles("*", SearchOption.AllDirectories).Any(f => f.Length >= length); attempt++)
        {
            Assert.True(attempt < 1200, "Nothing was staged while the upload streamed in.");
            await Task.Delay(50);
        }
    }

    /// <summary>Files of the data folder, and of the framework's buffering outside of it, that hold a picture.</summary>
    private static List<string> Readable(BuiltApp app, byte[] photo)
    {
        var files = Directory.EnumerateFiles(app.DataDirectory, "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.GetTempPath(), "ASPNETCORE_*")).ToList();
        Assert.Contains(files, f => f.StartsWith(app.Objects, StringComparison.Ordinal));
        return [.. files.Where(f => IsPicture(Read(f), photo))];
    }

    /// <summary>Whether a picture's magic is near the start, or the photo's own first or middle bytes are anywhere.</summary>
    private static bool IsPicture(byte[] file, byte[] photo)
    {
        for (var i = 0; i < Math.Min(file.Length, MagicIsSoughtIn); i++)
        {
            var here = file.AsSpan(i);
            // The fourth byte is the next segment's marker: three alone would come up in ciphertext by chance now and then.
            var isJpeg = here is [0xFF, 0xD8, 0xFF, 0xC0 or 0xC4 or 0xDB or 0xFE or (>= 0xE0 and <= 0xEF), ..];
            var isPng = here.StartsWith((byte[])[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
            var isWebP = here.StartsWith("RIFF"u8) && here.Length >= 12 && here[8..].StartsWith("WEBP"u8);
            if (isJpeg || isPng || isWebP)
            {
                return true;
            }
        }
        var middle = photo.AsSpan(photo.Length / 2, Math.Min(64, photo.Length - (photo.Length / 2)));
        return photo.Length >= 64 && (file.AsSpan().IndexOf(photo.AsSpan(0, 64)) >= 0 || file.AsSpan().IndexOf(middle) >= 0);
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (FileNotFoundException)
        {
            // The database removes files of its own as it works.
            return [];
        }
        catch (IOException)
        {
            // The app holds a lock on what it writes, which .NET respects and other programs don't.
            using var cat = Process.Start(new ProcessStartInfo("cat", [path]) { RedirectStandardOutput = true })!;
            using var content = new MemoryStream();
            cat.StandardOutput.BaseStream.CopyTo(content);
            cat.WaitForExit();
            return content.ToArray();
        }
    }
}
