using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ImageRepo.Infrastructure;
using ImageRepo.Infrastructure.Certificates;
using ImageRepo.Testing;
using ImageRepo.Web.Hosting;
using ImageRepo.Web.Identity.Certificates;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ImageRepo.Web.Tests.Tokens;

/// <summary>Each has an app of its own, since they move its time and change its keys.</summary>
public sealed class CertificateTests : IAsyncLifetime
{
    private readonly ImageRepoApp _app = new();

    public Task InitializeAsync() => ((IAsyncLifetime)_app).InitializeAsync();

    public Task DisposeAsync() => ((IAsyncLifetime)_app).DisposeAsync();

    [Fact]
    public async Task A_rotation_lets_old_tokens_live_and_new_ones_are_signed_with_a_new_key()
    {
        using var person = await _app.SignUpAsync();
        using var client = new TokenClient(_app.Address);
        var before = await client.SignInAsync(person);

        var takesOver = await Certificates.RotateAsync(revoke: false, default);
        await ReadAsync();
        var meanwhile = await client.SignInAsync(person);
        var published = await PublishedKeysAsync();
        _app.Time.Advance(takesOver - _app.Time.GetUtcNow() + TimeSpan.FromSeconds(1));
        await ReadAsync();
        var after = await client.SignInAsync(person);

        Assert.Equal(2, published);
        Assert.Equal(KeyOf(before), KeyOf(meanwhile));
        Assert.NotEqual(KeyOf(before), KeyOf(after));
        Assert.Null(await client.RefusalAsync(before.Access));
        Assert.Null(await client.RefusalAsync(after.Access));
        Assert.Null(await client.RefusalAsync(Granted.Of(await client.RefreshAsync(before.Refresh!)).Access));
    }

    [Fact]
    public async Task A_revoking_rotation_ends_every_token()
    {
        using var person = await _app.SignUpAsync();
        using var client = new TokenClient(_app.Address);
        var before = await client.SignInAsync(person);

        await Certificates.RotateAsync(revoke: true, default);
        await ReadAsync();

        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(before.Access));
        Assert.Equal("invalid_grant", (await client.RefreshAsync(before.Refresh!)).Error);
        Assert.Null(await client.RefusalAsync((await client.SignInAsync(person)).Access));
    }

    [Fact]
    public async Task Certificates_renew_themselves_and_go_when_no_token_can_be_of_them()
    {
        var first = await RowsAsync();

        _app.Time.Advance(TokenCertificates.Period);
        await ReadAsync();
        var second = await RowsAsync();
        _app.Time.Advance(TokenCertificates.Period + TokenCertificates.LongestToken);
        await ReadAsync();
        var third = await RowsAsync();

        Assert.Equal(2, first.Count);
        Assert.Equal(4, second.Count);
        Assert.DoesNotContain(third, row => first.Any(f => f.Id == row.Id));
        Assert.All(Enum.GetValues<CertificateUse>(), use => Assert.Contains(third, row => row.Use == use && row.ActiveFrom <= _app.Time.GetUtcNow()));
    }

    [Fact]
    public async Task A_certificate_in_the_database_is_nothing_without_the_master_key()
    {
        var row = (await RowsAsync())[0];
        await using var stranger = new OtherKeyApp(_app);

        Assert.ThrowsAny<CryptographicException>(() => X509CertificateLoader.LoadPkcs12(row.Sealed, password: null));
        await Assert.ThrowsAnyAsync<Exception>(() => ((IAsyncLifetime)stranger).InitializeAsync());
    }

    [Fact]
    public async Task A_node_that_lacks_the_master_key_says_so()
    {
        var row = (await RowsAsync())[0];
        // The first eight bytes name the key.
        await SealAsync(row.Id, [.. RandomNumberGenerator.GetBytes(8), .. row.Sealed[8..]]);
        var failure = await Assert.ThrowsAsync<SetupException>(() => ActivatorUtilities.CreateInstance<TokenCertificates>(_app.Services).ReadAsync(default));
        await SealAsync(row.Id, row.Sealed);

        Assert.Contains("can't be opened with this master key", StartFailure.Explain(failure));
    }

    [Fact]
    public async Task A_new_key_for_sessions_takes_over_later_and_a_revoking_one_at_once()
    {
        using var person = await _app.SignUpAsync();
        var keys = _app.Services.GetRequiredService<IKeyManager>();
        var rotation = _app.Services.GetRequiredService<SessionKeys>();

        var from = rotation.Rotate(revoke: false);
        var added = keys.GetAllKeys();
        Assert.Contains("Your library is empty", await person.GetPageAsync("/images"));
        rotation.Rotate(revoke: true);
        var left = keys.GetAllKeys().Where(k => !k.IsRevoked).ToList();

        Assert.Contains(added, k => k.ActivationDate == from && from > _app.Time.GetUtcNow() + TimeSpan.FromDays(1));
        Assert.Single(left);
    }

    private TokenCertificates Certificates => _app.Services.GetRequiredService<TokenCertificates>();

    /// <summary>What each node does once a minute.</summary>
    private Task ReadAsync() => _app.Services.GetServices<IHostedService>().OfType<CertificateWatch>().Single().ReadAsync(default);

    private Task<int> SealAsync(Guid id, byte[] bytes) =>
        _app.WithDatabaseAsync(db => db.Set<TokenCertificateRow>().Where(r => r.Id == id).ExecuteUpdateAsync(r => r.SetProperty(x => x.Sealed, bytes)));

    private Task<List<TokenCertificateRow>> RowsAsync() => _app.WithDatabaseAsync(db => db.Set<TokenCertificateRow>().AsNoTracking().ToListAsync());

    private async Task<int> PublishedKeysAsync()
    {
        using var http = new HttpClient { BaseAddress = _app.Address };
        return JsonDocument.Parse(await http.GetStringAsync("/.well-known/jwks")).RootElement.GetProperty("keys").GetArrayLength();
    }

    private static string? KeyOf(Granted granted) =>
        JsonDocument.Parse(WebEncoders.Base64UrlDecode(granted.Identity!.Split('.')[0])).RootElement.GetProperty("kid").GetString();

    private sealed class OtherKeyApp(ImageRepoApp first) : ImageRepoApp
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["ConnectionStrings:ImageRepo"] = first.ConnectionString;
            settings["Encryption:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        }
    }
}
