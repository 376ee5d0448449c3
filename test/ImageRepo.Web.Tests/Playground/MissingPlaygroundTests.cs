using System.Net;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Playground;

public sealed class MissingPlaygroundTests(MissingPlaygroundTests.AppWithoutPlayground app) : IClassFixture<MissingPlaygroundTests.AppWithoutPlayground>
{
    [Theory]
    [InlineData("/graphql/ui")]
    [InlineData("/graphql/ui/")]
    public async Task A_build_without_it_shows_a_page_of_the_product_that_says_how_to_add_it(string path)
    {
        using var visitor = app.Visit();
        var page = await visitor.GetPageAsync(path);

        Assert.Contains("class=\"site-header\"", page, StringComparison.Ordinal);
        Assert.Contains("Node.js", page, StringComparison.Ordinal);
        Assert.Contains("dotnet build src/ImageRepo.Web", page, StringComparison.Ordinal);
        Assert.Contains($"{app.Address.Authority}/graphql</code>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_page_keeps_the_strict_policy_of_the_site()
    {
        using var visitor = app.Visit();
        using var response = await visitor.Http.GetAsync("/graphql/ui/");
        Assert.DoesNotContain("unsafe", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_files_are_not_there_and_the_api_is()
    {
        using var visitor = app.Visit();
        using var settings = await visitor.Http.GetAsync("/graphql/ui/bcp-config.json");
        Assert.Equal(HttpStatusCode.NotFound, settings.StatusCode);
        Assert.Equal("Query", (await visitor.GraphQLAsync("{ __typename }")).GetProperty("__typename").GetString());
    }

    public sealed class AppWithoutPlayground : ImageRepoApp
    {
        protected override void Configure(IDictionary<string, string?> settings) =>
            settings["Playground:Directory"] = Path.Combine(DataDirectory, "no-playground");
    }
}
