using System.Security.Claims;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageRepo.GraphQL.Tests.Hosting;

/// <summary>
/// The schema on Kestrel over a real database and the real encrypted store. Only pictures are stood in for, and callers are who
/// their headers say. A test that leaves an error in the log fails.
/// </summary>
public class SchemaServer : IAsyncLifetime
{
    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly bool _isGuest;
    private readonly Action<IServiceCollection>? _configure;
    private string? _database;
    private Dictionary<string, string?>? _store;
    private WebApplication? _app;

    public SchemaServer() => (_folder, _settings) = (Directory.CreateTempSubdirectory("imagerepo-graphql-").FullName, new Dictionary<string, string?>());

    private SchemaServer(SchemaServer first, IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection>? configure) =>
        (_folder, _settings, _configure, _database, _store, _isGuest) = (first._folder, settings, configure, first._database, first._store, true);

    /// <summary>Settings beside those of every test.</summary>
    internal Dictionary<string, string?> Settings { get; init; } = [];

    public LogRecorder Log { get; } = new();
    public Uri Address => new(_app!.Urls.First());
    internal TestPictureReader Pictures { get; } = new();
    public IServiceProvider Services => _app!.Services;

    /// <summary>Who watches changes on this node.</summary>
    internal CountedChanges Watchers => (CountedChanges)Services.GetRequiredService<IImageChanges>();

    /// <summary>Another node on the same database and store; the caller disposes it.</summary>
    public async Task<SchemaServer> AddNodeAsync(IEnumerable<(string Name, string Value)> settings, Action<IServiceCollection>? configure = null)
    {
        var node = new SchemaServer(this, settings.ToDictionary(s => s.Name, s => (string?)s.Value), configure);
        await node.InitializeAsync();
        return node;
    }

    /// <summary>Where links to pictures lead.</summary>
    public Uri PicturesFrom => Services.GetRequiredService<IContentLinks>().Origin ?? Address;

    public Task StopAsync() => _app!.StopAsync();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:ImageRepo"] = _database ??= await PostgresServer.CreateDatabaseAsync(),
            ["DataDirectory"] = _folder,
            ["Limits:UploadBytes"] = "3000000",
            ["Quota:MaxImages"] = "500",
        }).AddInMemoryCollection(_store ??= await StoreAsync()).AddInMemoryCollection(_settings).AddInMemoryCollection(Settings);
        builder.Logging.ClearProviders().AddProvider(Log).AddFilter<LogRecorder>(null, LogLevel.Information);
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Services.AddInfrastructure(builder.Configuration);
        builder.Services.AddImageRepoGraphQL(builder.Configuration);
        builder.Services.AddSingleton<IPictureReader>(Pictures);
        var changes = builder.Services.Single(s => s.ServiceType == typeof(IImageChanges));
        builder.Services.AddSingleton<IImageChanges>(provider => new CountedChanges((IImageChanges)changes.ImplementationFactory!(provider)));
        _configure?.Invoke(builder.Services);
        // Nothing is analysed here, so that an image stays as the test made it.
        foreach (var worker in builder.Services.Where(s => s.ImplementationType?.Name is "AnalysisWorkers").ToList())
        {
            builder.Services.Remove(worker);
        }
        _app = builder.Build();
        _app.Use(SignIn);
        _app.MapImageRepoGraphQL();
        await _app.StartAsync();
        // EF Core looks for the table of migrations, and logs an error the first time it is not there.
        Log.Clear();
    }

    public async Task DisposeAsync()
    {
        await _app!.DisposeAsync();
        if (!_isGuest)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>Settings of the object store: files, unless a server is made for another.</summary>
    protected virtual Task<Dictionary<string, string?>> StoreAsync() => Task.FromResult<Dictionary<string, string?>>([]);

    /// <summary>A new account, signed in as by the page's cookie.</summary>
    public async Task<SchemaClient> SignUpAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        var user = new User { UserName = $"user-{Guid.NewGuid():N}", CreatedAt = DateTimeOffset.UtcNow };
        db.Add(user);
        await db.SaveChangesAsync();
        return Client(user.Id);
    }

    public SchemaClient Anonymous() => Client(null);

    /// <summary>The same account with a token of these scopes.</summary>
    public SchemaClient WithToken(SchemaClient owner, string scopes)
    {
        var client = Client(owner.Owner.Value);
        client.Http.DefaultRequestHeaders.Add("X-Test-Scopes", scopes);
        return client;
    }

    /// <summary>Adds an image as if it had been uploaded, without its objects.</summary>
    public async Task<Image> AddImageAsync(SchemaClient owner, TestPicture? picture = null, string fileName = "photo.jpg", DateTimeOffset? uploadedAt = null, params string[] tags)
    {
        await using var scope = Services.CreateAsyncScope();
        var now = uploadedAt ?? DateTimeOffset.UtcNow;
        var hash = ContentHash.FromBytes(Guid.NewGuid().ToByteArray().Concat(Guid.NewGuid().ToByteArray()).ToArray());
        var staged = new StagedUpload(ImageId.New(now), owner.Owner, fileName, Random.Shared.Next(1_000, 9_000), hash, ImageFormat.Jpeg);
        var limits = new ImageLimits();
        var image = Image.Upload(staged, (picture ?? new TestPicture()).ToPicture(), UploadDetails.Parse(null, null, tags, limits), limits, now);
        var library = scope.ServiceProvider.GetRequiredService<IImageLibrary>();
        await library.ReserveAsync(owner.Owner, image.Id, default);
        return (await library.AddAsync(image, default)).Image;
    }

    /// <summary>Everything in the store: what is here and belongs to no image was left behind.</summary>
    public async Task<List<string>> StoredAsync(SchemaClient owner)
    {
        var store = Services.GetRequiredService<IObjectStore>();
        List<string> keys = [];
        foreach (var prefix in (string[])[ObjectKey.OriginalsPrefix, ObjectKey.RenditionsPrefix])
        {
            await foreach (var info in store.ListAsync($"{prefix}{owner.Owner.Value:N}/", default))
            {
                keys.Add(info.Key.Value);
            }
        }
        return keys;
    }

    private SchemaClient Client(Guid? user)
    {
        var http = new HttpClient { BaseAddress = Address };
        if (user is { } id)
        {
            http.DefaultRequestHeaders.Add("X-Test-User", id.ToString());
        }
        return new SchemaClient(http, new OwnerId(user ?? default));
    }

    private static Task SignIn(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Headers["X-Test-User"] is [{ } id])
        {
            var scopes = http.Request.Headers["X-Test-Scopes"].ToString();
            http.User = new ClaimsPrincipal(http.Request.Headers.ContainsKey("X-Test-Scopes")
                ? new ClaimsIdentity([new Claim("sub", id), new Claim("scope", scopes), .. http.Request.Headers["X-Test-Expires"].Select(e => new Claim("exp", e!))], "Bearer")
                : new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id)], IdentityConstants.ApplicationScheme));
        }
        return next(http);
    }
}

[CollectionDefinition(Name)]
public sealed class SchemaServerCollection : ICollectionFixture<SchemaServer>
{
    public const string Name = "Schema server";
}

/// <summary>The same, with its objects on an S3 server.</summary>
public sealed class S3SchemaServer : SchemaServer
{
    protected override Task<Dictionary<string, string?>> StoreAsync() => S3Server.CreateBucketAsync();
}

[CollectionDefinition(Name)]
public sealed class S3SchemaServerCollection : ICollectionFixture<S3SchemaServer>
{
    public const string Name = "Schema server on S3";
}
