using System.Net;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Tokens;

public sealed class DeviceCodeTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    [Fact]
    public async Task A_device_waits_until_its_code_is_typed_and_allowed()
    {
        using var person = await App.SignUpAsync();
        using var device = new TokenClient(App.Address);
        var (deviceCode, userCode) = await BeginAsync(device);

        var waiting = await PollAsync(device, deviceCode);
        var page = await person.GetPageAsync($"/connect/verify?user_code={userCode}");
        using var allowed = await AnswerAsync(person, userCode, "allow");
        var granted = Granted.Of(await PollAsync(device, deviceCode));

        Assert.Equal("authorization_pending", waiting.Error);
        Assert.Contains("ImageRepo for the command line", page);
        Assert.Contains("See all your images", page);
        Assert.Contains(userCode, page);
        Assert.Equal("/connect/verify?outcome=allowed", allowed.Headers.Location?.OriginalString);
        Assert.Contains("Your device is connected", await person.GetPageAsync("/connect/verify?outcome=allowed"));
        Assert.Null(await device.RefusalAsync(granted.Access));
        Assert.Equal("invalid_grant", (await PollAsync(device, deviceCode)).Error);
    }

    [Fact]
    public async Task A_device_that_is_not_allowed_is_told_so()
    {
        using var person = await App.SignUpAsync();
        using var device = new TokenClient(App.Address);
        var (deviceCode, userCode) = await BeginAsync(device);

        using var denied = await AnswerAsync(person, userCode, "deny");

        Assert.Equal("/connect/verify?outcome=denied", denied.Headers.Location?.OriginalString);
        Assert.Equal("access_denied", (await PollAsync(device, deviceCode)).Error);
    }

    [Theory]
    [InlineData("0000-0000-0000")]
    [InlineData("<script>")]
    [InlineData("x")]
    public async Task A_wrong_code_lets_nothing_in(string userCode)
    {
        using var person = await App.SignUpAsync();

        var page = await person.GetPageAsync($"/connect/verify?user_code={Uri.EscapeDataString(userCode)}");
        using var allowed = await AnswerAsync(person, userCode, "allow");

        Assert.Contains("This code is wrong", page);
        Assert.DoesNotContain("<script>", page);
        Assert.DoesNotContain("outcome=allowed", allowed.Headers.Location?.OriginalString ?? "");
    }

    [Fact]
    public async Task Codes_are_guessed_at_so_often_by_one_account_and_then_even_the_right_one_tells_nothing()
    {
        using var guesser = await App.SignUpAsync();
        using var person = await App.SignUpAsync();
        using var device = new TokenClient(App.Address);
        var (deviceCode, userCode) = await BeginAsync(device);
        await guesser.TokenAsync("/connect/verify");
        for (var i = 0; i < 10; i++)
        {
            Assert.Contains("This code is wrong", await guesser.GetPageAsync($"/connect/verify?user_code=0000-0000-{i:0000}"));
        }

        using var looked = await guesser.Http.GetAsync($"/connect/verify?user_code={userCode}");
        using var typed = await AnswerAsync(guesser, userCode, "allow");
        using var allowed = await AnswerAsync(person, userCode, "allow");

        Assert.Equal(HttpStatusCode.TooManyRequests, looked.StatusCode);
        Assert.NotEmpty(looked.Headers.GetValues("Retry-After"));
        Assert.DoesNotContain("ImageRepo for the command line", await looked.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.TooManyRequests, typed.StatusCode);
        Assert.Equal("/connect/verify?outcome=allowed", allowed.Headers.Location?.OriginalString);
        Assert.Null(await device.RefusalAsync(Granted.Of(await PollAsync(device, deviceCode)).Access));
    }

    [Fact]
    public async Task The_page_is_for_people_who_are_signed_in_and_its_form_for_nobody_else()
    {
        using var visitor = App.Visit();
        using var person = await App.SignUpAsync();
        using var device = new TokenClient(App.Address);
        var (deviceCode, userCode) = await BeginAsync(device);

        using var stranger = await visitor.Http.GetAsync("/connect/verify");
        using var forged = await person.Http.PostAsync("/connect/verify", new FormUrlEncodedContent(new Dictionary<string, string> { ["user_code"] = userCode, ["answer"] = "allow" }));

        Assert.Equal("/account/sign-in", stranger.Headers.Location?.AbsolutePath);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal("authorization_pending", (await PollAsync(device, deviceCode)).Error);
    }

    private static async Task<(string DeviceCode, string UserCode)> BeginAsync(TokenClient device)
    {
        var answer = await device.AskAsync("/connect/device", new() { ["scope"] = TokenClient.AllScopes });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return (answer.Json.GetProperty("device_code").GetString()!, answer.Json.GetProperty("user_code").GetString()!);
    }

    private static Task<Answer> PollAsync(TokenClient device, string deviceCode) =>
        device.AskAsync("/connect/token", new() { ["grant_type"] = "urn:ietf:params:oauth:grant-type:device_code", ["device_code"] = deviceCode });

    private static Task<HttpResponseMessage> AnswerAsync(ImageRepoClient person, string userCode, string answer) =>
        person.PostFormAsync("/connect/verify", new() { ["user_code"] = userCode, ["answer"] = answer }, "/connect/verify");
}
