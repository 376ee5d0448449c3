using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Jobs;

public sealed class StoreAwayTests
{
    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public async Task An_analysis_waits_for_a_store_that_is_away_without_using_up_its_attempts(Store store)
    {
        await using var line = store == Store.S3 ? new Line(await S3Server.AddressAsync()) : null;
        await using var host = await InfrastructureHost.StartAsync(store: store, settings:
        [
            ("Analysis:FirstRetry", "00:00:00.020"), ("Analysis:MaxAttempts", "1"),
            .. line is null ? Array.Empty<(string, string)>() : [("Storage:S3:ServiceUrl", line.Address!.ToString())],
        ]);
        var owner = await host.NewOwnerAsync();
        var image = InfrastructureHost.NewImage(owner);
        var objects = host.Services.GetRequiredService<IObjectStore>();
        await host.LibraryAsync(owner, async l =>
        {
            await l.ReserveAsync(owner, image.Id, default);
            return true;
        });
        await objects.PutAsync(image.KeyOf(image.Renditions[0]), new MemoryStream([1, 2, 3]), "image/webp", default);
        var folder = Path.Combine(host.Folder, "objects");

        Action bringBack = line is null ? () => Directory.Move(folder + ".away", folder) : line.Mend;
        if (line is null)
        {
            Directory.Move(folder, folder + ".away");
        }
        else
        {
            line.Cut();
        }
        await host.LibraryAsync(owner, l => l.AddAsync(image, default));
        var waiting = await AfterAnAttemptAsync(host, image);
        bringBack();
        var analysed = await host.WaitForAsync(image, i => i.Analysis.Status is AnalysisStatus.Completed or AnalysisStatus.Failed);

        Assert.NotEqual(AnalysisStatus.Failed, waiting.Analysis.Status);
        Assert.Equal((AnalysisStatus.Completed, 1), (analysed.Analysis.Status, analysed.Analysis.Attempts));
    }

    /// <summary>An attempt that could not be made is not counted, but puts the job off anew: it waited for the first, and then for another.</summary>
    private static async Task<Image> AfterAnAttemptAsync(InfrastructureHost host, Image image)
    {
        var putOff = new HashSet<DateTimeOffset>();
        return await host.WaitForAsync(image, _ =>
        {
            using var scope = host.Services.CreateScope();
            putOff.UnionWith(scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>().Set<JobRow>().Where(j => j.Lease == null).Select(j => j.RunAfter));
            return putOff.Count > 1;
        });
    }
}
