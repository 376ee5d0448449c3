using System.Globalization;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Infrastructure;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Evaluation;

/// <summary>The product's way in over its own private PostgreSQL and its encrypted files, on a folder that goes with it. Nothing is analysed.</summary>
internal sealed class IngestProduct : IAsyncDisposable
{
    private readonly string _folder;
    private readonly IHost _host;
    private readonly OwnerId _owner;

    /// <summary>What is uploaded, in memory as a request's body is. One buffer for all: a new one for each would make .NET collect for the harness's sake.</summary>
    private readonly MemoryStream _photo = new();

    private IngestProduct(string folder, IHost host, OwnerId owner) => (_folder, _host, _owner) = (folder, host, owner);

    public static async Task<IngestProduct> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("imagerepo-ingest-").FullName;
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new("DataDirectory", folder), new("Roles", "web")]);
        builder.Logging.ClearProviders();
        builder.Services.AddInfrastructure(builder.Configuration);
        var host = builder.Build();
        await host.StartAsync();
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        var user = new User { UserName = "measured", CreatedAt = DateTimeOffset.UtcNow };
        db.Add(user);
        await db.SaveChangesAsync();
        return new IngestProduct(folder, host, user.OwnerId);
    }

    /// <summary>Uploads a file; beside that, reads the picture in it once more, to tell what that costs of it.</summary>
    public async Task<IngestCost> MeasureAsync(string path)
    {
        _photo.SetLength(0);
        await using (var file = File.OpenRead(path))
        {
            await file.CopyToAsync(_photo);
        }
        await using var scope = _host.Services.CreateAsyncScope();
        var uploader = scope.ServiceProvider.GetRequiredService<ImageUploader>();
        var pictures = scope.ServiceProvider.GetRequiredService<IPictureReader>();
        var reader = await Cpu.OfAsync(() => pictures.ReadAsync(_photo, ImageFormat.Jpeg, CancellationToken.None));
        _photo.Position = 0;
        StagedUpload? staged = null;
        var before = DatabaseTime();
        var arrival = await Cpu.OfAsync(async () => staged = await uploader.StageAsync(_owner, "photo.jpg", _photo, CancellationToken.None));
        var upload = await Cpu.OfAsync(() => uploader.UploadAsync(staged!, UploadDetails.Parse(null, null, [], new ImageLimits()), CancellationToken.None));
        return new IngestCost(reader, arrival, upload, DatabaseTime() - before);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>CPU time of the server and its processes, those that have ended included (proc(5): fields 14 to 17, in hundredths of a second).</summary>
    private TimeSpan DatabaseTime()
    {
        var server = int.Parse(File.ReadLines(Path.Combine(_folder, "postgres", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        var ticks = 0L;
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(p => char.IsAsciiDigit(Path.GetFileName(p)[0])))
        {
            if (Stat(process) is { } fields && (Path.GetFileName(process) == $"{server}" || fields[1] == $"{server}"))
            {
                ticks += fields[11..15].Sum(f => long.Parse(f, CultureInfo.InvariantCulture));
            }
        }
        return TimeSpan.FromMilliseconds(10 * ticks);
    }

    /// <summary>The fields after the program's name, which may hold spaces itself; null for a process that has ended.</summary>
    private static string[]? Stat(string process)
    {
        try
        {
            var line = File.ReadAllText(Path.Combine(process, "stat"));
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}

/// <summary>CPU time of one upload.</summary>
/// <param name="Reader">Decode, sizes, palette, hash and placeholder, once more by themselves.</param>
/// <param name="Arrival">SHA-256, the hash of the picture, encryption, and the note for the sweeper.</param>
/// <param name="Upload">All that follows, the picture's part included.</param>
/// <param name="Database">PostgreSQL's own processes.</param>
internal readonly record struct IngestCost(TimeSpan Reader, TimeSpan Arrival, TimeSpan Upload, TimeSpan Database)
{
    /// <summary>Decryption, storing the sizes, and what the product itself does for the database.</summary>
    public TimeSpan Rest => Upload - Reader;

    public TimeSpan Whole => Arrival + Upload + Database;

    public static IngestCost operator +(IngestCost one, IngestCost other) =>
        new(one.Reader + other.Reader, one.Arrival + other.Arrival, one.Upload + other.Upload, one.Database + other.Database);
}
