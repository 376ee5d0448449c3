using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Imaging;
using ImageRepo.Infrastructure.Jobs;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Infrastructure.Tests.Backups;
using ImageRepo.Infrastructure.Verification;
using ImageRepo.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Image = ImageRepo.Domain.Images.Image;

namespace ImageRepo.Infrastructure.Tests.Imaging;

public sealed class OnDemandRenditionTests
{
    private static readonly RenditionPlan Plan = new(480, null, ImageFormat.WebP);

    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public async Task Fifty_who_ask_at_once_on_two_nodes_cause_one_decode(Store store)
    {
        var reader = new CountingReader();
        await using var one = await StartAsync(reader, store: store);
        await using var other = await StartAsync(reader, beside: one);
        var image = await UploadAsync(one);
        var key = ObjectKey.Rendition(image.OwnerId, image.Id, Plan);

        var made = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Renditions(i % 2 == 0 ? one : other).MakeAsync(key, default)));

        Assert.All(made, Assert.True);
        Assert.Equal(1, reader.Renders);
        await using var stored = await one.Services.GetRequiredService<IObjectStore>().OpenReadAsync(key, default);
        Assert.Equal("image/webp", stored!.ContentType);
    }

    [Fact]
    public async Task It_goes_with_its_image_and_does_not_come_back()
    {
        await using var host = await StartAsync(new CountingReader());
        var image = await UploadAsync(host);
        var key = ObjectKey.Rendition(image.OwnerId, image.Id, Plan);
        var before = await host.LibraryAsync(image.OwnerId, l => l.UsageAsync(image.OwnerId, default));
        Assert.True(await Renditions(host).MakeAsync(key, default));
        Assert.Equal(before, await host.LibraryAsync(image.OwnerId, l => l.UsageAsync(image.OwnerId, default)));

        var faults = new List<StoreFault>();
        await host.Services.GetRequiredService<StoreVerification>().VerifyAsync(repair: false, faults.Add, _ => { }, default);
        Assert.Empty(faults);

        await host.LibraryAsync(image.OwnerId, l => l.PurgeAsync(image.OwnerId, [image.Id], null, default));

        Assert.False(await Renditions(host).MakeAsync(key, default));
        Assert.Empty(await ObjectsAsync(host, image));
    }

    [Fact]
    public async Task A_purge_waits_for_what_is_being_made_and_takes_it_along()
    {
        var reader = new CountingReader { Gate = new TaskCompletionSource() };
        await using var host = await StartAsync(reader);
        var image = await UploadAsync(host);
        var making = Renditions(host).MakeAsync(ObjectKey.Rendition(image.OwnerId, image.Id, Plan), default);
        await reader.Begun.Task;

        var purging = host.LibraryAsync(image.OwnerId, l => l.PurgeAsync(image.OwnerId, [image.Id], null, default));
        await WaitUntilBlockedAsync(host, purging);
        reader.Gate.SetResult();

        Assert.True(await making);
        Assert.Single((await purging).Done);
        Assert.Empty(await ObjectsAsync(host, image));
    }

    [Fact]
    public async Task A_node_that_is_killed_leaves_the_lock_to_the_others()
    {
        await using var host = await StartAsync(new CountingReader());
        var image = await UploadAsync(host);
        var key = ObjectKey.Rendition(image.OwnerId, image.Id, Plan);
        await using var killed = new NpgsqlConnection(host.ConnectionString + ";Pooling=false");
        await killed.OpenAsync();
        await ExecuteAsync(killed, $"begin; select pg_advisory_xact_lock(hashtextextended('{key.Value}', 0))");
        var making = Renditions(host).MakeAsync(key, default);
        await WaitUntilBlockedAsync(host, making);

        await host.QueryAsync(image.OwnerId, db => db.Database.ExecuteSqlAsync($"select pg_terminate_backend({killed.ProcessID})"));

        Assert.True(await making);
    }

    [Fact]
    public async Task What_was_made_while_the_database_went_away_is_taken_back()
    {
        var reader = new CountingReader { Gate = new TaskCompletionSource() };
        await using var host = await StartAsync(reader);
        var image = await UploadAsync(host);
        var before = await ObjectsAsync(host, image);
        var making = Renditions(host).MakeAsync(ObjectKey.Rendition(image.OwnerId, image.Id, Plan), default);
        await reader.Begun.Task;

        await LoseLocksAsync(host, image);
        reader.Gate.SetResult();

        var lost = await Assert.ThrowsAnyAsync<Exception>(() => making);
        Assert.IsType<DatabaseUnavailableException>(host.Services.GetRequiredService<Outages>().Of(lost));
        Assert.Equal(before, await ObjectsAsync(host, image));
        Assert.True(await Renditions(host).MakeAsync(ObjectKey.Rendition(image.OwnerId, image.Id, Plan), default));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_can_not_be_taken_back_either_is_the_sweepers_once_its_image_is_gone(bool isPurged)
    {
        var reader = new CountingReader { Gate = new TaskCompletionSource() };
        await using var host = await StartAsync(reader, watch: true);
        var image = await UploadAsync(host);
        var before = await ObjectsAsync(host, image);
        var making = Renditions(host).MakeAsync(ObjectKey.Rendition(image.OwnerId, image.Id, Plan), default);
        await reader.Begun.Task;
        await LoseLocksAsync(host, image);
        if (isPurged)
        {
            await host.LibraryAsync(image.OwnerId, l => l.PurgeAsync(image.OwnerId, [image.Id], null, default));
        }
        ((WatchedStore)host.Services.GetRequiredService<IObjectStore>()).BeforeNextDelete = () => throw new StorageUnavailableException(new IOException("The store is away."));
        reader.Gate.SetResult();

        await Assert.ThrowsAnyAsync<Exception>(() => making);
        var left = await ObjectsAsync(host, image);
        await host.Services.GetRequiredService<Sweeper>().SweepAsync(default);
        var swept = await ObjectsAsync(host, image);
        await host.LibraryAsync(image.OwnerId, l => l.PurgeAsync(image.OwnerId, [image.Id], null, default));

        Assert.Equal(isPurged ? 1 : before.Count + 1, left.Count);
        Assert.Equal(isPurged ? 0 : left.Count, swept.Count);
        Assert.Empty(await ObjectsAsync(host, image));
    }

    [Fact]
    public async Task An_image_can_be_edited_while_its_rendition_is_made()
    {
        var reader = new CountingReader { Gate = new TaskCompletionSource() };
        await using var host = await StartAsync(reader);
        var image = await UploadAsync(host);
        var making = Renditions(host).MakeAsync(ObjectKey.Rendition(image.OwnerId, image.Id, Plan), default);
        await reader.Begun.Task;

        var trashed = await host.LibraryAsync(image.OwnerId, l => l.ChangeAsync(image.OwnerId, [image.Id], i => i.Trash(DateTimeOffset.UtcNow), default));

        Assert.True(Assert.Single(trashed.Done).IsTrashed);
        reader.Gate.SetResult();
        Assert.True(await making);
    }

    [Fact]
    public async Task Who_leaves_does_not_stop_it_and_one_too_many_is_told_to_come_back_while_uploads_go_on()
    {
        var reader = new CountingReader { Gate = new TaskCompletionSource() };
        await using var host = await StartAsync(reader, settings: [("Imaging:RenditionParallelism", "1"), ("Imaging:RenditionQueueLength", "0"), ("Imaging:RetryAfter", "00:00:07")]);
        var image = await UploadAsync(host);
        using var patience = new CancellationTokenSource();
        var key = ObjectKey.Rendition(image.OwnerId, image.Id, Plan);
        var left = Renditions(host).MakeAsync(key, patience.Token);
        await reader.Begun.Task;

        var busy = await Assert.ThrowsAsync<ServerBusyException>(() => Renditions(host).MakeAsync(ObjectKey.Rendition(image.OwnerId, image.Id, Plan with { Size = 160 }), default));
        var other = await UploadAsync(host);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        reader.Gate.SetResult();

        Assert.Equal(TimeSpan.FromSeconds(7), busy.RetryAfter);
        Assert.NotEqual(image.Id, other.Id);
        Assert.True(await Renditions(host).MakeAsync(key, default));
        Assert.Equal(1, reader.Renders);
    }

    [Fact]
    public async Task A_key_of_anything_else_makes_nothing()
    {
        await using var host = await StartAsync(new CountingReader());
        var image = await UploadAsync(host);
        var stranger = await host.NewOwnerAsync();

        Assert.False(await Renditions(host).MakeAsync(image.OriginalKey, default));
        Assert.False(await Renditions(host).MakeAsync(image.KeyOf(image.LargestRendition), default));
        Assert.False(await Renditions(host).MakeAsync(ObjectKey.Rendition(stranger, image.Id, Plan), default));
        Assert.False(await Renditions(host).MakeAsync(ObjectKey.Rendition(image.OwnerId, ImageId.New(DateTimeOffset.UtcNow), Plan), default));
    }

    private static Task<InfrastructureHost> StartAsync(
        CountingReader reader, InfrastructureHost? beside = null, Store store = Store.Files, bool watch = false, params (string, string)[] settings) =>
        InfrastructureHost.StartAsync(beside: beside, store: store, settings: settings, configure: services =>
        {
            services.AddSingleton<IPictureReader>(reader);
            if (watch)
            {
                WatchedStore.Watch(services);
            }
        });

    private static OnDemandRenditions Renditions(InfrastructureHost host) => host.Services.GetRequiredService<OnDemandRenditions>();

    private static async Task<Image> UploadAsync(InfrastructureHost host)
    {
        var owner = await host.NewOwnerAsync();
        return await host.InScopeAsync(owner, async services =>
        {
            var uploader = services.GetRequiredService<ImageUploader>();
            var staged = await uploader.StageAsync(owner, "giraffe.jpg", new MemoryStream(Photos.Variant(Photos.Giraffe)), default);
            return (await uploader.UploadAsync(staged, UploadDetails.Parse(null, null, [], new ImageLimits()), default)).Image;
        });
    }

    private static async Task<List<StoredObjectInfo>> ObjectsAsync(InfrastructureHost host, Image image) =>
        await host.Services.GetRequiredService<IObjectStore>().ListAsync(ObjectKey.RenditionsOf(image.OwnerId, image.Id), default).ToListAsync();

    /// <summary>As when the connection of whoever makes a rendition breaks off.</summary>
    private static Task LoseLocksAsync(InfrastructureHost host, Image image) => host.QueryAsync(image.OwnerId, db => db.Database.ExecuteSqlAsync(
        // Those of no other work, whose connection would come out of the pool broken.
        $"""
        select pg_terminate_backend(pid, 5000) from pg_stat_activity
        where datname = current_database() and state = 'idle in transaction' and pid in (select pid from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock')
        """));

    private static async Task WaitUntilBlockedAsync(InfrastructureHost host, Task blockedTask)
    {
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var blocked = new NpgsqlCommand("select exists(select from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0)", connection);
        while (await blocked.ExecuteScalarAsync() is not true)
        {
            Assert.False(blockedTask.IsCompleted, $"Nothing held it up: {blockedTask.Exception}");
            await Task.Delay(20);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The real one, which counts what it renders and can be held up before it does.</summary>
    private sealed class CountingReader : IPictureReader
    {
        private readonly NetVipsPictureReader _real = TestPictures.Reader();
        private int _renders;

        public int Renders => Volatile.Read(ref _renders);
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource? Gate { get; init; }
        public int HeadLength => _real.HeadLength;

        public ImageFormat Identify(ReadOnlySpan<byte> head) => _real.Identify(head);

        public Task<Picture> ReadAsync(Stream original, ImageFormat format, CancellationToken cancellationToken) => _real.ReadAsync(original, format, cancellationToken);

        public async Task<EncodedRendition> RenderAsync(Stream original, ImageFormat format, RenditionPlan plan, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _renders);
            Begun.TrySetResult();
            await (Gate?.Task ?? Task.CompletedTask);
            return await _real.RenderAsync(original, format, plan, cancellationToken);
        }
    }
}
