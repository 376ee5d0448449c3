using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Tests;

/// <summary>
/// A node without its web: the real database with the real migrations, the real store in a folder of its own. The analyzer is the
/// test's, since what is tested is who calls it and when. Several nodes may share a database and a folder.
/// </summary>
internal sealed class InfrastructureHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string _folder;
    private readonly bool _ownsFolder;

    private readonly IReadOnlyDictionary<string, string?> _store;

    private InfrastructureHost(IHost host, string connectionString, string folder, bool ownsFolder, IReadOnlyDictionary<string, string?> store) =>
        (_host, ConnectionString, _folder, _ownsFolder, _store) = (host, connectionString, folder, ownsFolder, store);

    public string ConnectionString { get; }

    /// <summary>The data directory.</summary>
    public string Folder => _folder;

    public IServiceProvider Services => _host.Services;

    /// <summary>What added images have for their rendition and original: no picture, unless a test needs one.</summary>
    public byte[] Content { get; set; } = [1, 2, 3];

    public static async Task<InfrastructureHost> StartAsync(
        IImageAnalyzer? analyzer = null, InfrastructureHost? beside = null, Action<IServiceCollection>? configure = null, bool emptyDatabase = false,
        Store store = Store.Files, params (string Key, string Value)[] settings)
    {
        var connectionString = beside is null || emptyDatabase ? await PostgresServer.CreateMigratedDatabaseAsync() : beside.ConnectionString;
        var folder = beside?._folder ?? Directory.CreateTempSubdirectory("imagerepo-test-").FullName;
        var storage = beside?._store ?? (store == Store.S3 ? await S3Server.CreateBucketAsync() : []);
        var host = Build(connectionString, folder, analyzer ?? new ScriptedAnalyzer(), configure, settings: [.. storage.Select(s => (s.Key, s.Value!)), .. settings]);
        await host.StartAsync();
        return new InfrastructureHost(host, connectionString, folder, ownsFolder: beside is null, storage);
    }

    public static IHost Build(
        string connectionString, string folder, IImageAnalyzer analyzer, Action<IServiceCollection>? configure = null, string environment = "Test",
        params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = environment });
        builder.Logging.ClearProviders();
        (string Key, string Value)[] all = [("ConnectionStrings:ImageRepo", connectionString), ("DataDirectory", folder), .. settings];
        builder.Configuration.AddInMemoryCollection(all.GroupBy(s => s.Key).Select(s => new KeyValuePair<string, string?>(s.Key, s.Last().Value)));
        builder.Services.AddInfrastructure(builder.Configuration);
        builder.Services.AddSingleton(analyzer);
        configure?.Invoke(builder.Services);
        return builder.Build();
    }

    /// <param name="id">Any, unless given.</param>
    public async Task<OwnerId> NewOwnerAsync(string? id = null)
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        var user = new User { UserName = Guid.NewGuid().ToString("N"), CreatedAt = DateTimeOffset.UtcNow };
        user.Id = id is null ? user.Id : Guid.Parse(id);
        db.Add(user);
        await db.SaveChangesAsync();
        return user.OwnerId;
    }

    /// <summary>Runs in a scope of its own, as a request would.</summary>
    public async Task<T> InScopeAsync<T>(OwnerId owner, Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<OwnerScope>().Enter(owner);
        return await act(scope.ServiceProvider);
    }

    public Task<T> LibraryAsync<T>(OwnerId owner, Func<IImageLibrary, Task<T>> act) => InScopeAsync(owner, s => act(s.GetRequiredService<IImageLibrary>()));

    public Task<T> QueryAsync<T>(OwnerId owner, Func<ImageRepoDbContext, Task<T>> query) => InScopeAsync(owner, s => query(s.GetRequiredService<ImageRepoDbContext>()));

    /// <summary>Adds an image that was never a file: row, indexes and job are real, and so is a tiny object for its rendition.</summary>
    public async Task<Image> AddImageAsync(OwnerId owner, string? description = null, string fileName = "photo.jpg", ContentHash? hash = null, HexColor? color = null, params string[] tags)
    {
        var image = NewImage(owner, description, fileName, hash, color, null, tags);
        await LibraryAsync(owner, async l =>
        {
            await l.ReserveAsync(owner, image.Id, CancellationToken.None);
            return true;
        });
        var store = Services.GetRequiredService<IObjectStore>();
        foreach (var key in image.Renditions.Select(image.KeyOf).Append(image.OriginalKey))
        {
            await store.PutAsync(key, new MemoryStream(Content), "image/webp", CancellationToken.None);
        }
        return (await LibraryAsync(owner, l => l.AddAsync(image, CancellationToken.None))).Image;
    }

    public static Image NewImage(
        OwnerId owner, string? description = null, string fileName = "photo.jpg", ContentHash? hash = null, HexColor? color = null, Exif? exif = null, params string[] tags)
    {
        var limits = new ImageLimits();
        var now = DateTimeOffset.UtcNow;
        var hex = color ?? HexColor.Parse("#008080");
        var picture = new Picture(
            ImageFormat.Jpeg, 400, 300, 1, false, [new ImageColor(hex, NamedColor.Teal, 0.6f), new ImageColor(HexColor.Parse("#FFFFFF"), NamedColor.White, 0.4f)],
            [NamedColor.Teal], hex, false, [1], 7, exif, [new EncodedRendition(320, 320, 240, ImageFormat.WebP, [1])]);
        var staged = new StagedUpload(ImageId.New(now), owner, fileName, 1_000, hash ?? NewHash(), ImageFormat.Jpeg);
        return Image.Upload(staged, picture, UploadDetails.Parse(null, description, tags, limits), limits, now);
    }

    public static ContentHash NewHash() => ContentHash.FromBytes([.. Guid.NewGuid().ToByteArray(), .. Guid.NewGuid().ToByteArray()]);

    public async Task<Image> WaitForAsync(Image image, Func<Image, bool> condition)
    {
        // Only against waiting for ever: a busy machine may take its time.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (true)
        {
            var now = await QueryAsync(image.OwnerId, async db => (await Task.Run(() => db.Images.Single(i => i.Id == image.Id))));
            if (condition(now))
            {
                return now;
            }
            await Task.Delay(20, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
        if (_ownsFolder)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}

/// <summary>Says what the test tells it to.</summary>
internal sealed class ScriptedAnalyzer(Func<int, CancellationToken, Task<AnalysisResult>>? script = null) : IImageAnalyzer
{
    private int _calls;

    public static readonly AnalysisResult Boat = new("scripted 1.0", "A photo of a boat", null, [(TagName.Parse("boat"), 0.9f)], []);

    public string Name => "scripted 1.0";

    public int Calls => Volatile.Read(ref _calls);

    public Task<AnalysisResult> AnalyzeAsync(Stream rendition, PictureFacts facts, CancellationToken cancellationToken)
    {
        var call = Interlocked.Increment(ref _calls);
        return script?.Invoke(call, cancellationToken) ?? Task.FromResult(Boat);
    }
}
