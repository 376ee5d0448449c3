using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Backups;
using ImageRepo.Infrastructure.Jobs;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Infrastructure.Tests.ObjectStorage;
using ImageRepo.Infrastructure.Verification;
using ImageRepo.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ImageRepo.Infrastructure.Tests.Backups;

public sealed class BackupTests : IDisposable
{
    private static readonly string Key = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
    private static readonly string OtherKey = Convert.ToBase64String(new byte[32]);

    private readonly TemporaryDirectory _folder = new();

    [Theory]
    [InlineData(Store.Files, Store.Files)]
    [InlineData(Store.Files, Store.S3)]
    [InlineData(Store.S3, Store.Files)]
    [InlineData(Store.S3, Store.S3)]
    public async Task Every_row_and_every_object_is_there_again_on_either_store_and_the_analysis_goes_on(Store from, Store to)
    {
        await using var host = await StartAsync(from);
        var (ana, bo) = (await host.NewOwnerAsync(), await host.NewOwnerAsync());
        var image = await Installation.UploadAsync(host, ana);
        var trashed = await Installation.UploadAsync(host, ana);
        await Installation.UploadAsync(host, bo);
        await host.LibraryAsync(ana, l => l.ChangeAsync(ana, [trashed.Id], i => i.Trash(DateTimeOffset.UtcNow), default));

        var made = await BackUpAsync(host);
        await using var restored = await Installation.NewAsync(to, Key);
        var outcome = await restored.RestoreAsync(_folder.Path);

        Assert.Empty(made.Missing);
        Assert.Equal((made.Rows, made.Objects, made.Objects), (outcome.Rows, outcome.Objects, made.Copied));
        var (expected, rows) = (await Installation.RowsAsync(host.ConnectionString), await Installation.RowsAsync(restored.ConnectionString));
        Assert.Equal(expected.Keys.Order(), rows.Keys.Order());
        Assert.All(expected, table => Assert.Equal(table.Value, rows[table.Key]));
        Assert.True(rows["image"].Count > 3 && rows["job"].Count > 3 && rows["account"].Count > 2);
        var objects = await Installation.ObjectsAsync(restored.Store);
        Assert.Equal(await Installation.ObjectsAsync(host.Services.GetRequiredService<IObjectStore>()), objects);
        Assert.Equal(made.Objects, objects.Count);

        await restored.StartAsync();
        Assert.Equal(AnalysisStatus.Completed, (await WaitForAnalysisAsync(restored, ana, image.Id)).Status);
        // New rows are numbered on from the old ones.
        Assert.Empty((await VerifyAsync(restored.Services)).Faults);
    }

    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public async Task While_people_upload_and_delete_the_backup_is_as_of_one_moment(Store store)
    {
        await using var host = await StartAsync(store);
        var owner = await host.NewOwnerAsync();
        var kept = new List<Image>();
        for (var i = 0; i < 4; i++)
        {
            kept.Add(await Installation.UploadAsync(host, owner));
        }
        using var done = new CancellationTokenSource();
        var busy = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                var passing = await Installation.UploadAsync(host, owner);
                await host.LibraryAsync(owner, l => l.PurgeAsync(owner, [passing.Id], trashedBefore: null, default));
            }
        })).ToList();
        var made = await BackUpAsync(host);
        await done.CancelAsync();
        await Task.WhenAll(busy);

        await using var restored = await Installation.NewAsync(store, Key);
        await restored.RestoreAsync(_folder.Path);
        Assert.Empty(made.Missing);
        Assert.Empty((await VerifyAsync(restored.Services)).Faults);
        await using var scope = restored.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<OwnerScope>().Enter(owner);
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        var images = await db.Images.Select(i => i.Id).ToListAsync();
        Assert.All(kept, image => Assert.Contains(image.Id, images));
        Assert.Equal(images.Count, (await db.OwnerCounts.SingleAsync()).Images);
    }

    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public async Task An_image_that_is_purged_meanwhile_is_in_the_backup_and_its_objects_go_when_that_is_done(Store store)
    {
        await using var host = await StartAsync(store);
        var owner = await host.NewOwnerAsync();
        var purged = await Installation.UploadAsync(host, owner);
        var watched = (WatchedStore)host.Services.GetRequiredService<IObjectStore>();
        var sweeper = host.Services.GetRequiredService<Sweeper>();
        watched.BeforeNextRead = async () =>
        {
            await host.LibraryAsync(owner, l => l.PurgeAsync(owner, [purged.Id], trashedBefore: null, default));
            await sweeper.SweepAsync(default);
        };

        var made = await BackUpAsync(host);

        Assert.Empty(made.Missing);
        Assert.False(await host.QueryAsync(owner, db => db.Images.AnyAsync()));
        Assert.NotEmpty(await Installation.ObjectsAsync(watched));
        await sweeper.SweepAsync(default);
        Assert.Empty(await Installation.ObjectsAsync(watched));
        await using var restored = await Installation.NewAsync(store, Key);
        await restored.RestoreAsync(_folder.Path);
        Assert.Equal(made.Objects, (await Installation.ObjectsAsync(restored.Store)).Count);
        Assert.Empty((await VerifyAsync(restored.Services)).Faults);
    }

    [Fact]
    public async Task A_second_backup_copies_what_is_new_drops_what_is_gone_and_leaves_the_first_good_until_it_is_done()
    {
        await using var host = await StartAsync(Store.Files);
        var owner = await host.NewOwnerAsync();
        var (first, second) = (await Installation.UploadAsync(host, owner), await Installation.UploadAsync(host, owner));
        var before = await BackUpAsync(host);
        await host.LibraryAsync(owner, l => l.PurgeAsync(owner, [first.Id], trashedBefore: null, default));
        await Installation.UploadAsync(host, owner);

        using var interrupted = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Services.GetRequiredService<Backup>().MakeAsync(_folder.Path, (_, _) => interrupted.Cancel(), interrupted.Token));
        await using (var old = await Installation.NewAsync(Store.Files, Key))
        {
            await old.RestoreAsync(_folder.Path);
            Assert.Equal(before.Objects, (await Installation.ObjectsAsync(old.Store)).Count);
        }

        var after = await BackUpAsync(host);
        Assert.Equal(before.Objects, after.Objects);
        Assert.Equal(0, after.Copied); // the interrupted one has copied them
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, $"{first.Id.Value:N}*", SearchOption.AllDirectories));
        Assert.NotEmpty(Directory.EnumerateFiles(_folder.Path, $"{second.Id.Value:N}*", SearchOption.AllDirectories));
        await using var restored = await Installation.NewAsync(Store.Files, Key);
        await restored.RestoreAsync(_folder.Path);
        Assert.Empty((await VerifyAsync(restored.Services)).Faults);
    }

    [Fact]
    public async Task Nothing_in_the_folder_can_be_read_without_the_key_and_another_key_is_told_in_words()
    {
        await using var host = await StartAsync(Store.S3);
        await Installation.UploadAsync(host, await host.NewOwnerAsync());
        await BackUpAsync(host);

        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "imagerepo-backup"))
        {
            Assert.StartsWith("IMGREPO\0", System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));
        }
        await using var stranger = await Installation.NewAsync(Store.Files, OtherKey);
        var refused = await Assert.ThrowsAsync<BackupException>(() => stranger.RestoreAsync(_folder.Path));
        Assert.Contains("Put the master key that was in use when it was made into keys/master.key", refused.Message);
        Assert.Empty(await Installation.ObjectsAsync(stranger.Store));
    }

    [Fact]
    public async Task A_backup_that_is_interrupted_cut_off_or_lacks_a_file_is_refused_before_anything_changes()
    {
        await using var host = await StartAsync(Store.Files);
        await Installation.UploadAsync(host, await host.NewOwnerAsync());
        await BackUpAsync(host);
        var objects = Path.Combine(_folder.Path, "objects");
        var original = Directory.EnumerateFiles(Path.Combine(objects, "originals"), "*", SearchOption.AllDirectories).Single();
        var table = Directory.EnumerateFiles(Path.Combine(objects, "backups"), "image.object", SearchOption.AllDirectories).Single();
        var manifest = Path.Combine(objects, "backups", "manifest.object");
        await using var target = await Installation.NewAsync(Store.Files, Key);

        await RefusedAsync("not whole: 1 of its files", () => Cut(original));
        await RefusedAsync("not whole: 1 of its files", () => File.Delete(original));
        await RefusedAsync("not whole: 2 of its files", () => Cut(table));
        await RefusedAsync("can't be opened", () => Cut(manifest));
        await RefusedAsync("was interrupted before it was complete", () => File.Delete(manifest));
        await RefusedAsync("holds no backup", () => File.Delete(Path.Combine(_folder.Path, "imagerepo-backup")));

        async Task RefusedAsync(string because, Action spoil)
        {
            spoil();
            Assert.Contains(because, (await Assert.ThrowsAsync<BackupException>(() => target.RestoreAsync(_folder.Path))).Message);
            Assert.Empty(await Installation.ObjectsAsync(target.Store));
        }

        static void Cut(string path)
        {
            using var file = File.OpenWrite(path);
            file.SetLength(file.Length - 1);
        }
    }

    [Fact]
    public async Task An_installation_that_runs_or_is_not_empty_is_left_alone()
    {
        await using var host = await StartAsync(Store.Files);
        var owner = await host.NewOwnerAsync();
        await Installation.UploadAsync(host, owner);
        await BackUpAsync(host);

        await using (var used = await Installation.NewAsync(Store.Files, Key, host.ConnectionString))
        {
            Assert.Contains("The database is not empty", (await Assert.ThrowsAsync<BackupException>(() => used.RestoreAsync(_folder.Path))).Message);
        }
        await using var stored = await Installation.NewAsync(Store.Files, Key);
        await stored.Store.PutAsync(ObjectKey.Original(owner, ImageId.New(DateTimeOffset.UtcNow)), new MemoryStream([1]), "image/png", default);
        Assert.Contains("The store is not empty", (await Assert.ThrowsAsync<BackupException>(() => stored.RestoreAsync(_folder.Path))).Message);
        await using var running = await Installation.NewAsync(Store.Files, Key);
        await running.StartAsync();
        Assert.Contains("stop every node", (await Assert.ThrowsAsync<BackupException>(() => running.RestoreAsync(_folder.Path))).Message);
    }

    [Fact]
    public async Task No_other_folder_is_written_to()
    {
        await using var host = await StartAsync(Store.Files);
        var backup = host.Services.GetRequiredService<Backup>();
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "letter.txt"), "mine");

        foreach (var (path, because) in new[]
        {
            (_folder.Path, "neither empty nor a backup"),
            (host.Folder, "lie within each other"),
            (Path.Combine(host.Folder, "objects", "deeper"), "lie within each other"),
            (Path.GetDirectoryName(host.Folder)!, "lie within each other"),
            (Path.Combine(_folder.Path, "letter.txt"), "can't be written"),
        })
        {
            Assert.Contains(because, (await Assert.ThrowsAsync<BackupException>(() => backup.MakeAsync(path, (_, _) => { }, default))).Message);
        }
        Assert.Equal(["letter.txt"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task An_object_that_is_lost_already_is_told_and_the_rest_is_saved()
    {
        await using var host = await StartAsync(Store.Files);
        var owner = await host.NewOwnerAsync();
        var (lost, damaged) = (await Installation.UploadAsync(host, owner), await Installation.UploadAsync(host, owner));
        var store = host.Services.GetRequiredService<IObjectStore>();
        await store.DeleteAsync(lost.KeyOf(lost.Renditions[0]), default);
        await store.PutAsync(damaged.OriginalKey, new MemoryStream([1, 2, 3]), "image/jpeg", default);

        var made = await BackUpAsync(host);
        await using var restored = await Installation.NewAsync(Store.Files, Key);
        var outcome = await restored.RestoreAsync(_folder.Path);

        string[] expected = [damaged.OriginalKey.Value, lost.KeyOf(lost.Renditions[0]).Value];
        Assert.Equal(expected.Order(StringComparer.Ordinal), made.Missing);
        Assert.Equal(made.Missing, outcome.Missing);
        Assert.Equal(made.Objects, (await Installation.ObjectsAsync(restored.Store)).Count);
    }

    [Fact]
    public async Task The_backup_of_an_older_version_is_moved_on_to_this_one()
    {
        const string before = "20261125082649_PictureHash";
        await using var old = await Installation.NewAsync(Store.Files, Key);
        await old.Services.GetRequiredService<Database>().MigrateAsync(before, default);
        await ExecuteAsync(old.ConnectionString, "insert into tag (name) values ('first'), ('second'); delete from tag where name = 'first'");
        await old.Services.GetRequiredService<Backup>().MakeAsync(_folder.Path, (_, _) => { }, default);

        await using var restored = await Installation.NewAsync(Store.Files, Key);
        await restored.RestoreAsync(_folder.Path);

        await using var scope = restored.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        Assert.Equal([TagName.Parse("second")], await db.TagNames.Select(t => t.Name).ToListAsync());
        // Numbered on from the highest.
        await ExecuteAsync(restored.ConnectionString, "insert into tag (name) values ('third')");
        Assert.Equal(2, await db.TagNames.CountAsync());
        await using var newer = await Installation.NewAsync(Store.Files, Key);
        await newer.Services.GetRequiredService<Database>().MigrateAsync(target: null, default);
        Assert.Contains("used by a newer version", (await Assert.ThrowsAsync<BackupException>(() => newer.RestoreAsync(_folder.Path))).Message);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>No worker: jobs stay as they are. The store can be watched.</summary>
    private static Task<InfrastructureHost> StartAsync(Store store) =>
        InfrastructureHost.StartAsync(store: store, configure: WatchedStore.Watch, settings: [("Roles", "web"), ("Encryption:MasterKey", Key)]);

    private static async Task ExecuteAsync(string connectionString, string statement)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }

    private Task<BackupOutcome> BackUpAsync(InfrastructureHost host) => host.Services.GetRequiredService<Backup>().MakeAsync(_folder.Path, (_, _) => { }, default);

    private static async Task<(StoreFindings Findings, List<StoreFault> Faults)> VerifyAsync(IServiceProvider services)
    {
        List<StoreFault> faults = [];
        return (await services.GetRequiredService<StoreVerification>().VerifyAsync(repair: false, faults.Add, _ => { }, default), faults);
    }

    private static async Task<ImageAnalysis> WaitForAnalysisAsync(Installation installation, OwnerId owner, ImageId id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            await using var scope = installation.Services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<OwnerScope>().Enter(owner);
            var image = await scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>().Images.SingleAsync(i => i.Id == id);
            if (image.Analysis.Status is AnalysisStatus.Completed or AnalysisStatus.Failed)
            {
                return image.Analysis;
            }
            await Task.Delay(50, limit.Token);
        }
    }
}
