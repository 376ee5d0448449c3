using System.Net;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Hardening;

public sealed class ReturnUrlTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    public static TheoryData<string> Foreign =>
    [
        "https://evil.example/", "http://evil.example", "HTTPS://EVIL.EXAMPLE/", "https:evil.example", "https:/evil.example", "https:///evil.example",
        "//evil.example/", "///evil.example", "////evil.example", "/\\evil.example/", "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example",
        "\t//evil.example", " //evil.example", "\u0000//evil.example", "/\u0000/evil.example", "/\r\nLocation: https://evil.example", "/\r\n\r\n<script>",
        "evil.example", "evil.example/images", "@evil.example", "javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x",
        "file:///etc/passwd", "ftp://evil.example", "blob:https://evil.example/x", "~//evil.example", "~/\\evil.example", "//localhost@evil.example", "http://localhost:5080@evil.example",
        "/\u00fcmlaut", "%2F%2Fevil.example", "%68ttps://evil.example", "", " ",
    ];

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task Nobody_is_sent_to_another_site(string returnUrl)
    {
        using var person = await App.SignUpAsync();
        using var visitor = App.Visit();

        using var afterSignIn = await visitor.SignInAsync(person.UserName, ImageRepoClient.Password, returnUrl);
        using var whenSignedIn = await person.Http.GetAsync($"/account/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");
        using var atSignUp = await person.Http.GetAsync($"/account/sign-up?returnUrl={Uri.EscapeDataString(returnUrl)}");
        using var newcomer = App.Visit();
        using var afterSignUp = await newcomer.PostFormAsync($"/account/sign-up?returnUrl={Uri.EscapeDataString(returnUrl)}",
            new() { ["UserName"] = $"new-{person.UserName}", ["Password"] = ImageRepoClient.Password, ["ConfirmPassword"] = ImageRepoClient.Password });

        // A form with a NUL is refused by the framework, before anybody is signed in.
        Assert.All([afterSignIn, afterSignUp], after =>
            Assert.True(LeadsHome(after) || (returnUrl.Contains('\0') && after.StatusCode == HttpStatusCode.BadRequest), $"{(int)after.StatusCode} {after.Headers.Location}"));
        Assert.True(LeadsHome(whenSignedIn), $"{(int)whenSignedIn.StatusCode} {whenSignedIn.Headers.Location}");
        Assert.True(LeadsHome(atSignUp), $"{(int)atSignUp.StatusCode} {atSignUp.Headers.Location}");
    }

    [Theory]
    [InlineData("/upload", "/upload")]
    [InlineData("/images?q=a%26b&tag=%2F%2Fevil.example", "/images?q=a%26b&tag=%2F%2Fevil.example")]
    [InlineData("/%2Fevil.example", "/%2Fevil.example")]
    [InlineData("/images#//evil.example", "/images#//evil.example")]
    public async Task An_address_of_the_product_is_gone_on_to_as_it_is(string returnUrl, string expected)
    {
        using var person = await App.SignUpAsync();
        using var visitor = App.Visit();

        using var response = await visitor.SignInAsync(person.UserName, ImageRepoClient.Password, returnUrl);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(expected, response.Headers.Location?.OriginalString);
        Assert.Equal(App.Address.Authority, new Uri(App.Address, response.Headers.Location!).Authority);
    }

    private static bool LeadsHome(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.Redirect && response.Headers.Location?.OriginalString == "/images";
}
