using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Jobs;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace ImageRepo.Testing;

/// <summary>
/// The whole product on a free port of this machine, with a database and a data folder of its own, both gone afterwards.
/// Errors in its log that no test expected fail the tests that share it.
/// </summary>
public class ImageRepoApp : WebApplicationFactory<Program>, IAsyncLifetime
{
    private readonly Dictionary<string, string?> _settings = new()
    {
        ["Demo:Enabled"] = "false",
        // All of a test's people come from one address.
        ["RateLimits:SignIn:AddressBurst"] = "100000",
        ["RateLimits:SignUp:AddressBurst"] = "100000",
        ["RateLimits:PasswordReset:AddressBurst"] = "100000",
        ["RateLimits:Token:AddressBurst"] = "100000",
        ["RateLimits:DeviceCode:AddressBurst"] = "100000",
    };
    private readonly CapturedLog _log = new();
    private int _people;

    /// <summary>What the app takes for now; tests move it.</summary>
    public MovableTime Time { get; } = new();

    public CapturedLog Log => _log;

    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("imagerepo-app-").FullName;

    public string ConnectionString { get; private set; } = "";

    public Uri Address { get; private set; } = null!;

    protected virtual string EnvironmentName => "Development";

    /// <summary>Settings beside the usual ones; called before the start.</summary>
    protected virtual void Configure(IDictionary<string, string?> settings)
    {
    }

    /// <summary>The same, for settings that take some preparing.</summary>
    protected virtual Task ConfigureAsync(IDictionary<string, string?> settings)
    {
        Configure(settings);
        return Task.CompletedTask;
    }

    public async Task InitializeAsync()
    {
        ConnectionString = await PostgresServer.CreateMigratedDatabaseAsync();
        _settings["ConnectionStrings:ImageRepo"] = ConnectionString;
        _settings["DataDirectory"] = DataDirectory;
        await ConfigureAsync(_settings);
        UseKestrel(0);
        StartServer();
        Address = ClientOptions.BaseAddress;
    }

    /// <summary>A client without an account.</summary>
    public ImageRepoClient Visit() => new(Address);

    /// <summary>A client with a fresh account.</summary>
    public async Task<ImageRepoClient> SignUpAsync(string? name = null)
    {
        var client = Visit();
        await client.SignUpAsync(name ?? $"person{Interlocked.Increment(ref _people)}");
        return client;
    }

    /// <summary>Does something with the app's own services, in a scope of its own.</summary>
    public async Task<T> WithServicesAsync<T>(Func<IServiceProvider, Task<T>> action)
    {
        await using var scope = Services.CreateAsyncScope();
        return await action(scope.ServiceProvider);
    }

    /// <summary>Clears away now what is due to be.</summary>
    public Task SweepAsync() => Services.GetRequiredService<Sweeper>().SweepAsync(CancellationToken.None);

    /// <summary>How many objects of the account are in the store.</summary>
    public async Task<int> StoredAsync(string userName)
    {
        var owner = await WithDatabaseAsync(db => db.Users.Where(u => u.UserName == userName).Select(u => u.Id).SingleAsync());
        var store = Services.GetRequiredService<IObjectStore>();
        return await store.ListAsync($"{ObjectKey.OriginalsPrefix}{owner:N}/", CancellationToken.None).CountAsync()
            + await store.ListAsync($"{ObjectKey.RenditionsPrefix}{owner:N}/", CancellationToken.None).CountAsync();
    }

    public Task<T> WithDatabaseAsync<T>(Func<ImageRepoDbContext, Task<T>> action) =>
        WithServicesAsync(services => action(services.GetRequiredService<ImageRepoDbContext>()));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Directory.Exists(DataDirectory))
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
        GC.SuppressFinalize(this);
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        _log.RequireNoUnexpectedErrors();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(EnvironmentName);
        foreach (var (name, value) in _settings)
        {
            builder.UseSetting(name, value);
        }
        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(_log));
        builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Time));
    }
}
