using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Api;

/// <summary>The upload page's form, whichever store takes the files.</summary>
public abstract class UploadFormTests<TApp>(TApp app) : AppTests<TApp>(app)
    where TApp : ImageRepoApp
{
    [Fact]
    public async Task Many_files_at_once_are_uploaded_and_each_fault_is_named()
    {
        using var person = await App.SignUpAsync();
        var photo = Photos.Variant(Photos.Giraffe);

        var page = await SendAsync(person, ("giraffe.jpg", photo), ("again.jpg", photo), ("notes.jpg", "this is text"u8.ToArray()),
            ("empty.jpg", []), ("cut.jpg", photo[..(photo.Length / 2)]), ("eagle.jpg", Photos.Variant(Photos.Eagle)));

        Assert.Contains("3 of 6 uploaded", page);
        Assert.Contains("Already in your library", page);
        Assert.Contains("The file is empty.", page);
        Assert.Contains("the supported types are image/jpeg", page);
        Assert.Contains("damaged or incomplete", page);
        Assert.Equal(2, await CountAsync(person));
    }

    [Theory]
    [InlineData("drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml is not accepted: an SVG can hold scripts and links to other files. Upload it as PNG or WebP instead.")]
    [InlineData("photo.jpg", "<?xml version='1.0'?><!-- by its name a photo --><svg/>", "image/svg+xml is not accepted: an SVG can hold scripts and links to other files. Upload it as PNG or WebP instead.")]
    [InlineData("scan.pdf", "%PDF-1.7\n%âãÏÓ", "application/pdf is not supported; the supported types are image/jpeg, ")]
    public async Task What_is_no_picture_is_refused_with_its_reason_by_the_page_and_by_the_schema(string fileName, string content, string reason)
    {
        using var person = await App.SignUpAsync();
        var file = Encoding.UTF8.GetBytes(content);

        var page = await SendAsync(person, (fileName, file));
        var error = Assert.Single((await person.TryUploadAsync(file, fileName)).GetProperty("errors").EnumerateArray());

        Assert.Contains("0 of 1 uploaded", page);
        Assert.Contains(reason, page);
        Assert.Equal("UnsupportedImageFormatError", error.GetProperty("__typename").GetString());
        Assert.StartsWith(reason, error.GetProperty("message").GetString());
        Assert.Equal((0, 0), (await CountAsync(person), await App.StoredAsync(person.UserName)));
    }

    [Fact]
    public async Task A_form_may_be_larger_than_other_requests()
    {
        using var person = await App.SignUpAsync();
        byte[] large = [.. Photos.Variant(Photos.Giraffe), .. new byte[3 << 20]];

        Assert.Contains("2 of 2 uploaded", await SendAsync(person, ("large.jpg", large), ("eagle.jpg", Photos.Variant(Photos.Eagle))));
    }

    [Fact]
    public async Task A_form_without_files_asks_for_one()
    {
        using var person = await App.SignUpAsync();

        Assert.Contains("Choose one or more images first", await SendAsync(person, ("", [])));
    }

    [Fact]
    public async Task A_form_that_is_cut_off_keeps_what_arrived_and_says_so()
    {
        using var person = await App.SignUpAsync();
        var token = Encoding.UTF8.GetBytes(await person.TokenAsync("/upload"));
        var whole = await Form((TokenField, null, token), ("files", "giraffe.jpg", Photos.Variant(Photos.Giraffe)), ("files", "eagle.jpg", Photos.Variant(Photos.Eagle)))
            .ReadAsByteArrayAsync();

        // Within the second file, before its closing boundary, and within the token.
        var cut = await ReadAsync(await PostAsync(person, Body(whole[..^10_000])));
        var unclosed = await ReadAsync(await PostAsync(person, Body(whole[..^(Boundary.Length + 8)])));
        using var early = await PostAsync(person, Body(whole[..200]));

        Assert.Contains("The form arrived incomplete or damaged.", cut);
        Assert.Contains("1 of 1 uploaded", cut);
        Assert.Contains("The form arrived incomplete or damaged.", unclosed);
        Assert.Contains("Already in your library", unclosed);
        Assert.Equal(HttpStatusCode.BadRequest, early.StatusCode);
        Assert.Equal(1, await CountAsync(person));
    }

    [Fact]
    public async Task A_part_with_a_head_out_of_bounds_keeps_what_came_before_it()
    {
        using var person = await App.SignUpAsync();
        var token = Encoding.UTF8.GetBytes(await person.TokenAsync("/upload"));
        var form = Form((TokenField, null, token), ("files", "giraffe.jpg", Photos.Variant(Photos.Giraffe)), ("files", new string('x', 40_000), [1]));

        var page = await ReadAsync(await PostAsync(person, form));

        Assert.Contains("The form arrived incomplete or damaged.", page);
        Assert.Contains("1 of 1 uploaded", page);
    }

    [Fact]
    public async Task A_file_without_a_name_is_left_out()
    {
        using var person = await App.SignUpAsync();

        var page = await SendAsync(person, ("", Photos.Variant(Photos.Eagle)), ("giraffe.jpg", Photos.Variant(Photos.Giraffe)));

        Assert.Contains("1 of 1 uploaded", page);
        Assert.Equal(1, await CountAsync(person));
    }

    [Fact]
    public async Task A_form_without_its_token_first_stores_nothing()
    {
        using var person = await App.SignUpAsync();
        var token = await person.TokenAsync("/upload");
        var photo = Photos.Variant(Photos.Giraffe);

        using var without = await PostAsync(person, Form(("files", "giraffe.jpg", photo)));
        using var wrong = await PostAsync(person, Form((TokenField, null, Encoding.UTF8.GetBytes(token[..^3] + "AAA")), ("files", "giraffe.jpg", photo)));
        using var late = await PostAsync(person, Form(("files", "giraffe.jpg", photo), (TokenField, null, Encoding.UTF8.GetBytes(token))));
        using var huge = await PostAsync(person, Form((TokenField, null, new byte[100_000])));
        using var plain = await PostAsync(person, new StringContent("x"));

        Assert.All([without, wrong, late, huge, plain], r => Assert.Equal(HttpStatusCode.BadRequest, r.StatusCode));
        Assert.Equal(0, await CountAsync(person));
    }

    [Fact]
    public async Task A_token_of_another_person_is_refused()
    {
        using var person = await App.SignUpAsync();
        using var other = await App.SignUpAsync();
        var token = await other.TokenAsync("/upload");

        using var response = await PostAsync(person, Form((TokenField, null, Encoding.UTF8.GetBytes(token)), ("files", "giraffe.jpg", Photos.Variant(Photos.Giraffe))));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(0, await CountAsync(person));
    }

    [Fact]
    public async Task File_names_are_text_wherever_they_are_shown()
    {
        using var person = await App.SignUpAsync();

        using var response = await SendRawAsync(person, ("../../<img src=x onerror=alert(1)>.jpg", Photos.Variant(Photos.Giraffe)));

        var pages = await response.Content.ReadAsStringAsync() + await person.GetPageAsync("/images");
        Assert.Contains("1 of 1 uploaded", pages);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;.jpg", pages);
        Assert.DoesNotContain("<img src=x", pages);
        Assert.DoesNotContain("../", pages);
    }

    protected const string TokenField = "requestVerificationToken";
    protected const string Boundary = "----WebKitFormBoundaryImageRepo";

    protected static MultipartFormDataContent Form(params (string Field, string? FileName, byte[] Content)[] parts)
    {
        var form = new MultipartFormDataContent(Boundary);
        foreach (var (field, fileName, bytes) in parts)
        {
            var part = new ByteArrayContent(bytes);
            // As browsers write it: in quotes, with those in the name escaped.
            part.Headers.TryAddWithoutValidation("Content-Disposition",
                $"form-data; name=\"{field}\"" + (fileName is null ? "" : $"; filename=\"{fileName.Replace("\"", "%22", StringComparison.Ordinal)}\""));
            form.Add(part);
        }
        return form;
    }

    private static ByteArrayContent Body(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={Boundary}");
        return content;
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
        }
    }

    protected static async Task<string> SendAsync(ImageRepoClient person, params (string FileName, byte[] Content)[] files)
    {
        return await ReadAsync(await SendRawAsync(person, files));
    }

    private static async Task<HttpResponseMessage> SendRawAsync(ImageRepoClient person, params (string FileName, byte[] Content)[] files)
    {
        var token = Encoding.UTF8.GetBytes(await person.TokenAsync("/upload"));
        return await PostAsync(person, Form([(TokenField, null, token), .. files.Select(f => ("files", (string?)f.FileName, f.Content))]));
    }

    private static Task<HttpResponseMessage> PostAsync(ImageRepoClient person, HttpContent content) => person.Http.PostAsync("/upload", content);

    protected static async Task<int> CountAsync(ImageRepoClient person) =>
        (await person.GraphQLAsync("{ images { totalCount } }")).GetProperty("images").GetProperty("totalCount").GetInt32();
}

public sealed class UploadFormOnFilesTests(ImageRepoApp app) : UploadFormTests<ImageRepoApp>(app)
{
    [Fact]
    public async Task Nothing_readable_touches_the_disk_while_a_form_streams_in()
    {
        using var person = await App.SignUpAsync();
        var photo = Photos.Variant(Photos.Giraffe);
        var pipe = new Pipe();
        var form = await Form((TokenField, null, Encoding.UTF8.GetBytes(await person.TokenAsync("/upload"))), ("files", "giraffe.jpg", photo)).ReadAsByteArrayAsync();
        var content = new StreamContent(pipe.Reader.AsStream());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={Boundary}");
        var sending = person.Http.PostAsync("/upload", content);

        // All but the end: the server has the greater part of the photo and waits for the rest.
        await pipe.Writer.WriteAsync(form.AsMemory(0, form.Length - 20_000));
        await WaitForStagingAsync();
        Assert.Empty(Readable(photo));
        await pipe.Writer.WriteAsync(form.AsMemory(form.Length - 20_000));
        await pipe.Writer.CompleteAsync();
        using var response = await sending;

        Assert.Contains("1 of 1 uploaded", await response.Content.ReadAsStringAsync());
        Assert.Empty(Readable(photo));
    }

    [Fact]
    public async Task A_file_over_the_limit_is_refused_without_reading_it_whole()
    {
        await using var small = new SmallLimitApp();
        await ((IAsyncLifetime)small).InitializeAsync();
        using var person = await small.SignUpAsync();

        byte[] large = [.. Photos.Variant(Photos.Eagle), .. new byte[SmallLimitApp.Limit]];

        var page = await SendAsync(person, ("giraffe.jpg", Photos.Variant(Photos.Giraffe)), ("eagle.jpg", large));

        Assert.Contains("1 of 2 uploaded", page);
        Assert.Contains("larger than", page);
        Assert.Equal(1, await CountAsync(person));
    }

    private async Task WaitForStagingAsync()
    {
        bool HasArrived() => Directory.EnumerateFiles(App.DataDirectory, "*", SearchOption.AllDirectories).Any(f => new FileInfo(f).Length > 64 * 1024);
        for (var i = 0; i < 300 && !HasArrived(); i++)
        {
            await Task.Delay(100);
        }
        Assert.True(HasArrived(), "Nothing was staged while the form streamed in.");
    }

    /// <summary>Files of the app, and of the framework's buffering, that hold the photo's bytes.</summary>
    private List<string> Readable(byte[] photo)
    {
        var marker = photo[1000..1064];
        var files = Directory.EnumerateFiles(App.DataDirectory, "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.GetTempPath(), "ASPNETCORE_*"));
        return [.. files.Where(f => Read(f) is var bytes && (bytes.AsSpan().StartsWith((byte[])[0xFF, 0xD8, 0xFF]) || bytes.AsSpan().IndexOf(marker) >= 0))];
    }

    private static byte[] Read(string path)
    {
        // By another program, since the app holds a lock on what it writes, which the framework respects within one process.
        using var cat = Process.Start(new ProcessStartInfo("cat", [path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var content = new MemoryStream();
        cat.StandardOutput.BaseStream.CopyTo(content);
        cat.WaitForExit();
        return content.ToArray();
    }

    private sealed class SmallLimitApp : ImageRepoApp
    {
        public const int Limit = 400_000;

        protected override void Configure(IDictionary<string, string?> settings) => settings["Limits:UploadBytes"] = $"{Limit}";
    }
}

[Trait("Category", "Full")]
public sealed class UploadFormOnS3Tests(S3App app) : UploadFormTests<S3App>(app);
