using System.Net;
using System.Text.RegularExpressions;
using ImageRepo.Testing;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Web.Tests.Api;

public sealed partial class PageSafetyTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    public static TheoryData<string> Pages => ["/", "/account/sign-up", "/account/sign-in", "/account/sign-out", "/images", "/images?q=x&tag=y&color=teal&near=%23123456", "/upload", "/upload/address", "/trash", "/developer"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task No_page_needs_an_inline_script_or_style(string path)
    {
        using var client = path == "/" || path.StartsWith("/account/sign-in", StringComparison.Ordinal) || path == "/account/sign-up" ? App.Visit() : await App.SignUpAsync();

        using var response = await client.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self';", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.DoesNotMatch(Inline(), await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/css/site.css")]
    [InlineData("/health/live")]
    [InlineData("/graphql/schema")]
    [InlineData("/no-such-page")]
    public async Task Every_answer_carries_the_security_headers(string path)
    {
        using var visitor = App.Visit();

        using var response = await visitor.Http.GetAsync(path);

        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        Assert.Contains("frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/no-such-page")]
    [InlineData("/images/not-an-id")]
    [InlineData("/images/SW1hZ2U6AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_is_not_there_is_a_page_in_the_products_own_style(string path)
    {
        using var person = await App.SignUpAsync();

        using var response = await person.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("Nothing here", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/images?after=garbage", "/images")]
    [InlineData("/images?before=garbage&tag=sky", "/images?tag=sky")]
    [InlineData("/trash?after=garbage", "/trash")]
    public async Task An_old_or_broken_cursor_leads_to_the_first_page(string path, string expected)
    {
        using var person = await App.SignUpAsync();

        using var response = await person.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(expected, response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Filters_that_make_no_sense_are_left_out()
    {
        using var person = await App.SignUpAsync();

        var page = await person.GetPageAsync($"/images?color=7&color=mauve&color=orange,purple&color=%20red&near=zzz&tag=%00&tag=%EF%BF%BE&tag={new string('x', 101)}");

        Assert.Contains("Your library is empty", page);
    }

    [Fact]
    public async Task Words_that_can_not_be_searched_for_are_told_and_kept_for_their_writer()
    {
        using var person = await App.SignUpAsync();
        await person.UploadAsync(Photos.Variant(Photos.Giraffe), "giraffe.jpg");
        var words = string.Join(' ', Enumerable.Repeat("word", 21));

        var page = await person.GetPageAsync($"/images?q={Uri.EscapeDataString(words)}");

        Assert.Contains("The search has 21 words; at most 20 are allowed.", page);
        Assert.Contains($"value=\"{words}\"", page);
        Assert.Contains("giraffe.jpg", page);
        Assert.Contains("at most 500 are allowed", await person.GetPageAsync($"/images?q={new string('x', 501)}"));
    }

    [Theory]
    [InlineData("q=%00")]
    [InlineData("q=%EF%BF%BE")]
    [InlineData("q=a%ED%A0%80b")]
    [InlineData("q=%22&q=-&q=%25_%5C")]
    [InlineData("color=red&color=orange&color=yellow&color=green&color=teal&color=blue&color=purple&color=pink&color=brown&color=black&color=gray&color=white")]
    [InlineData("tag=a&tag=b&tag=c&tag=d&tag=e&tag=f&tag=g&tag=h&tag=i&tag=j&tag=k&color=red&color=orange&near=%23123456&q=x")]
    public async Task No_filter_is_too_strange_for_a_page(string query)
    {
        using var person = await App.SignUpAsync();

        await person.GetPageAsync($"/images?{query}");
    }

    [Fact]
    public async Task A_filter_is_not_cut_within_a_character()
    {
        using var person = await App.SignUpAsync();

        Assert.Contains("Nothing found", await person.GetPageAsync($"/images?q={new string('x', 199)}{Uri.EscapeDataString("\U0001f600")}"));
    }

    [Fact]
    public async Task A_form_that_takes_away_no_tag_or_names_one_that_can_not_be_changes_nothing()
    {
        using var person = await App.SignUpAsync();
        var page = ImageRepoClient.PageOf(await person.UploadAsync(Photos.Variant(Photos.Giraffe), "giraffe.jpg"));

        using var without = await person.PostFormAsync($"{page}?handler=untag", [], page);
        using var strange = await person.PostFormAsync($"{page}?handler=untag", new() { ["tag"] = "a\u0001" }, page);
        using var unwritable = await person.PostFormAsync($"{page}?handler=tag", new() { ["tags"] = "\ufffe" }, page);
        using var words = await person.PostFormAsync($"{page}?handler=edit", new() { ["FileName"] = "\ufffe\u0001.jpg" }, page);

        Assert.Equal(HttpStatusCode.Redirect, without.StatusCode);
        Assert.All([strange, unwritable, words], r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));
        Assert.Contains("control characters or broken Unicode", await strange.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_colour_that_no_image_has_is_marked_and_leads_nowhere()
    {
        using var person = await App.SignUpAsync();
        await person.UploadAsync(Photos.Variant(Photos.Giraffe), "giraffe.jpg");

        var swatches = Swatch().Matches(await person.GetPageAsync("/images")).Select(m => m.Value).ToList();

        Assert.Equal(12, swatches.Count);
        Assert.Contains(swatches, s => s.Contains("(0)"));
        Assert.Contains(swatches, s => s.Contains("(1)"));
        Assert.All(swatches, s => Assert.Equal(s.Contains("(0)"), s.Contains("aria-disabled=\"true\"") && !s.Contains("href")));
    }

    [Fact]
    public async Task Probes_answer()
    {
        using var visitor = App.Visit();

        Assert.Equal("Healthy", await visitor.Http.GetStringAsync("/health/live"));
        Assert.Equal("Healthy", await visitor.Http.GetStringAsync("/health/ready"));
    }

    [Fact]
    public async Task The_log_holds_no_file_name_no_search_and_no_link()
    {
        using var person = await App.SignUpAsync();
        var id = await person.UploadAsync(Photos.Variant(Photos.Giraffe), "secret-holiday.jpg");
        var page = await person.GetPageAsync(ImageRepoClient.PageOf(id));
        var link = ContentLink().Match(page).Value;
        using (var content = await person.Http.GetAsync(link))
        {
            Assert.Equal(HttpStatusCode.OK, content.StatusCode);
        }
        await person.GetPageAsync("/images?q=private-words");
        await person.WaitForAnalysisAsync(id);

        Assert.NotEmpty(App.Log.Entries);
        Assert.DoesNotContain(App.Log.Entries, e => e.Level >= LogLevel.Information
            && (e.ToString().Contains("secret-holiday") || e.ToString().Contains("private-words") || e.ToString().Contains("/content/") || e.ToString().Contains(ImageRepoClient.Password)));
    }

    [GeneratedRegex("""<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:""", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();

    [GeneratedRegex("<a class=\"swatch\"[^>]*>")]
    private static partial Regex Swatch();

    [GeneratedRegex("/content/[A-Za-z0-9_-]+")]
    private static partial Regex ContentLink();
}
