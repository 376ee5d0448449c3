using ImageRepo.Infrastructure.Analysis.Azure;

namespace ImageRepo.Infrastructure.Tests.Analysis.Azure;

public sealed class AzureOptionsTests
{
    [Theory]
    [InlineData("https://photos.cognitiveservices.azure.com")]
    [InlineData("https://photos.cognitiveservices.azure.com/")]
    [InlineData("http://127.0.0.1:5000")]
    [InlineData("http://localhost:5000/")]
    public void Addresses_with_TLS_or_of_this_machine_are_taken(string endpoint) => Assert.Empty(Problems(o => o.Endpoint = endpoint));

    [Theory]
    [InlineData("", "set it to the address of your resource")]
    [InlineData("photos", "set it to the address of your resource")]
    [InlineData("ftp://photos.example.org", "set it to the address of your resource")]
    [InlineData("https://photos.example.org/vision", "without a path")]
    [InlineData("http://photos.example.org", "without TLS; set it to an https address")]
    [InlineData("http://10.0.0.1", "without TLS; set it to an https address")]
    public void Other_addresses_are_refused_with_the_fix(string endpoint, string fix) =>
        Assert.Contains(fix, Assert.Single(Problems(o => o.Endpoint = endpoint)));

    [Fact]
    public void A_password_in_the_address_is_not_repeated() =>
        Assert.DoesNotContain("secret", Assert.Single(Problems(o => o.Endpoint = "https://me:secret@photos.example.org")));

    [Fact]
    public void A_key_with_a_line_break_is_refused_and_not_repeated()
    {
        var problem = Assert.Single(Problems(o => o.Key = "abc123\n"));
        Assert.Contains("Analysis:Azure:Key", problem);
        Assert.DoesNotContain("abc123", problem);
    }

    [Fact]
    public void Each_way_to_say_who_asks_is_taken_alone()
    {
        Assert.Empty(Problems(o => (o.Key, o.Entra) = ("", new EntraOptions { TenantId = "t", ClientId = "c", ClientSecret = "s" })));
        Assert.Empty(Problems(o => (o.Key, o.Entra) = ("", new EntraOptions { UseManagedIdentity = true })));
        Assert.Empty(Problems(o => (o.Key, o.Entra) = ("", new EntraOptions { UseManagedIdentity = true, ClientId = "c" })));
    }

    [Fact]
    public void No_way_two_ways_and_half_a_way_are_refused()
    {
        string[] problems =
        [
            .. Problems(o => o.Key = ""),
            .. Problems(o => o.Entra = new EntraOptions { UseManagedIdentity = true }),
            .. Problems(o => (o.Key, o.Entra) = ("", new EntraOptions { TenantId = "t", ClientId = "c" })),
            .. Problems(o => o.Entra = new EntraOptions { ClientSecret = "hidden" }),
        ];

        Assert.Equal(4, problems.Length);
        Assert.All(problems, p => Assert.StartsWith("Azure needs to know who asks, in one way", p));
        Assert.DoesNotContain(problems, p => p.Contains("hidden", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("4.0")]
    [InlineData("latest")]
    [InlineData("2024-02-01&x=1")]
    public void A_version_that_is_none_is_refused(string version) => Assert.Contains("ApiVersion", Assert.Single(Problems(o => o.ApiVersion = version)));

    [Fact]
    public void Limits_that_leave_nothing_are_refused()
    {
        Assert.Contains("RequestsPerMinute", Assert.Single(Problems(o => o.RequestsPerMinute = 0)));
        Assert.Contains("Timeout", Assert.Single(Problems(o => o.Timeout = TimeSpan.Zero)));
        Assert.Contains("Timeout", Assert.Single(Problems(o => o.Timeout = TimeSpan.FromDays(1))));
    }

    private static List<string> Problems(Action<AzureOptions> change)
    {
        var options = new AzureOptions { Endpoint = "https://photos.cognitiveservices.azure.com", Key = "abc" };
        change(options);
        return [.. AzureOptionsRules.Problems(options)];
    }
}
