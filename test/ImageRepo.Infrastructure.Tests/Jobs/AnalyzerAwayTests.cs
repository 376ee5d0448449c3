using System.Collections.Concurrent;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Jobs;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Infrastructure.Tests.Analysis;
using ImageRepo.Infrastructure.Tests.Analysis.Azure;
using ImageRepo.Testing.Vision;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Jobs;

/// <summary>Jobs and a service that is slow, busy or away.</summary>
public sealed class AnalyzerAwayTests
{
    [Fact]
    public async Task Two_hundred_images_all_end_analysed_by_a_service_that_takes_ten_a_second_and_then_wants_forty_seconds()
    {
        const int Images = 200;
        const int PerSecond = 10;
        var retryAfter = TimeSpan.FromSeconds(40);
        using var server = new VisionServer();
        using var azure = new AzureGiven(server);
        var taken = new ConcurrentDictionary<long, int>();
        var refusals = 0;
        server.Answer((_, _) =>
        {
            var second = azure.Time.GetUtcNow().ToUnixTimeSeconds();
            if (taken.AddOrUpdate(second, 1, (_, count) => count + 1) <= PerSecond)
            {
                return (200, VisionAnswers.Version40, []);
            }
            Interlocked.Increment(ref refusals);
            return (429, VisionAnswers.Busy, [("Retry-After", "40")]);
        });
        await using var web = await InfrastructureHost.StartAsync(azure.Analyzer, settings: ("Roles", "web"));
        web.Content = Jpeg();
        var owner = await web.NewOwnerAsync();
        for (var i = 0; i < Images; i++)
        {
            await web.AddImageAsync(owner);
        }
        await using var worker = await InfrastructureHost.StartAsync(azure.Analyzer, beside: web, settings: ("Analysis:Workers", "4"));

        var rounds = 0;
        while (await UntilNobodyWorksAsync(web, owner, azure.Analyzer) > 0)
        {
            if (rounds++ == 0)
            {
                // Uploads go on as if nothing were.
                var added = await web.AddImageAsync(owner);
                Assert.Equal(AnalysisStatus.Pending, (await web.WaitForAsync(added, _ => true)).Analysis.Status);
            }
            Assert.True(rounds < Images, "The images are not analysed.");
            azure.Time.Advance(retryAfter);
            await AdvanceJobsAsync(web, retryAfter);
        }

        var ended = await web.QueryAsync(owner, db => db.Images.Select(i => i.Analysis).ToListAsync());
        Assert.Equal(Images + 1, ended.Count);
        Assert.All(ended, a => Assert.Equal((AnalysisStatus.Completed, 1, null), (a.Status, a.Attempts, a.Failure)));
        // It was throttled, and each time no more workers than there are ran into it.
        Assert.InRange(refusals, 1, rounds * 4);
    }

    [Fact]
    public async Task An_image_that_waits_says_for_whom()
    {
        using var server = new VisionServer();
        server.Answer(429, VisionAnswers.Busy, ("Retry-After", "40"));
        using var azure = new AzureGiven(server);
        await using var host = await InfrastructureHost.StartAsync(azure.Analyzer);
        host.Content = Jpeg();

        var image = await host.AddImageAsync(await host.NewOwnerAsync());
        var waiting = await host.WaitForAsync(image, i => i.Analysis.Failure is not null);

        Assert.Equal((AnalysisStatus.Pending, 0, "The image analysis of Azure is busy; this image waits for its turn."), (waiting.Analysis.Status, waiting.Analysis.Attempts, waiting.Analysis.Failure));
    }

    [Fact]
    public async Task A_picture_that_the_service_refuses_fails_at_once_with_its_words()
    {
        using var server = new VisionServer();
        server.Answer(400, VisionAnswers.InvalidPicture);
        using var azure = new AzureGiven(server);
        await using var host = await InfrastructureHost.StartAsync(azure.Analyzer);
        host.Content = Jpeg();

        var failed = await host.WaitForAsync(await host.AddImageAsync(await host.NewOwnerAsync()), i => i.Analysis.Status == AnalysisStatus.Failed);

        Assert.Equal((1, "Azure could not analyse this picture: Image format is not valid."), (failed.Analysis.Attempts, failed.Analysis.Failure));
    }

    [Fact]
    public async Task Garbage_from_the_service_is_tried_again_and_given_up_in_the_end()
    {
        using var server = new VisionServer();
        server.Answer((call, _) => (200, call == 1 ? "<html>" : VisionAnswers.Version40, []));
        using var azure = new AzureGiven(server);
        await using var host = await InfrastructureHost.StartAsync(azure.Analyzer, settings: ("Analysis:FirstRetry", "00:00:00.010"));
        host.Content = Jpeg();

        var analysed = await host.WaitForAsync(await host.AddImageAsync(await host.NewOwnerAsync()), i => i.Analysis.Status == AnalysisStatus.Completed);

        Assert.Equal(2, analysed.Analysis.Attempts);
    }

    [Fact]
    public async Task A_killed_workers_image_is_taken_up_by_another_when_the_lease_is_over_and_not_before()
    {
        await using var killed = await InfrastructureHost.StartAsync(settings: ("Roles", "web"));
        var image = await killed.AddImageAsync(await killed.NewOwnerAsync());
        await killed.InScopeAsync(image.OwnerId, s => s.GetRequiredService<AnalysisJobs>().ClaimAsync(default)); // and never heard of again
        var analyzer = new ScriptedAnalyzer();
        await using var other = await InfrastructureHost.StartAsync(analyzer, beside: killed);

        await AdvanceJobsAsync(killed, AnalysisJobs.Lease - TimeSpan.FromSeconds(15));
        await Task.Delay(200);
        Assert.Equal(0, analyzer.Calls);
        await AdvanceJobsAsync(killed, TimeSpan.FromSeconds(15));

        var analysed = await killed.WaitForAsync(image, i => i.Analysis.Status == AnalysisStatus.Completed);
        Assert.Equal(1, analyzer.Calls);
        Assert.Equal("A photo of a boat", analysed.Description?.Text);
    }

    private static byte[] Jpeg()
    {
        using var copy = new MemoryStream();
        Renditions.OfSize(320, 240).Rendition.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>The jobs' clock is the database's: moving it is moving them the other way.</summary>
    private static async Task AdvanceJobsAsync(InfrastructureHost host, TimeSpan by)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        await db.Database.ExecuteSqlAsync($"update job set run_after = run_after - {by} where run_after > 'epoch'");
        await db.Database.ExecuteSqlAsync(AnalysisJobs.Wake);
    }

    /// <summary>How many jobs are left when all are done or the service wants a pause.</summary>
    private static async Task<int> UntilNobodyWorksAsync(InfrastructureHost host, OwnerId owner, IImageAnalyzer analyzer)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var jobs = await host.QueryAsync(owner, db => db.Set<JobRow>().AsNoTracking().ToListAsync());
            if (jobs.Count == 0 || (analyzer.Pause > TimeSpan.Zero && jobs.All(j => j.Lease is null)))
            {
                return jobs.Count;
            }
            await Task.Delay(10, limit.Token);
        }
    }
}
