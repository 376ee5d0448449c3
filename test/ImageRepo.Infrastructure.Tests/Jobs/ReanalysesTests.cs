using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Jobs;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Jobs;

/// <summary>Images that are analysed again, some or all.</summary>
public sealed class ReanalysesTests
{
    private static readonly (string, string) WithoutWorkers = ("Roles", "web");

    [Fact]
    public async Task The_owners_words_tags_and_rejections_survive_and_the_old_result_stays_until_the_new_one()
    {
        await using var web = await InfrastructureHost.StartAsync(settings: WithoutWorkers);
        var image = await web.AddImageAsync(await web.NewOwnerAsync(), "My own words", tags: "mine");
        await AnalyzeAllAsync(web, new AnalysisResult("old 1.0", "A photo of a boat", 0.5f, [(TagName.Parse("boat"), 0.9f), (TagName.Parse("sea"), 0.8f)], []));
        await web.LibraryAsync(image.OwnerId, l => l.ChangeAsync(image.OwnerId, [image.Id], i => i.Retag([], [TagName.Parse("sea")], new ImageLimits(), DateTimeOffset.UtcNow), default));

        var asked = await ReanalysesAsync(web, image.OwnerId, r => r.AskAsync(image.OwnerId, [image.Id], ReanalysisChoice.Any, isDryRun: false, default));

        Assert.Equal([image.Id], asked.Done);
        var waiting = await web.WaitForAsync(image, _ => true);
        Assert.Equal((AnalysisStatus.Pending, "old 1.0", 0), (waiting.Analysis.Status, waiting.Analysis.Analyzer, waiting.Analysis.Attempts));
        Assert.Equal(["mine", "boat"], waiting.Tags.Select(t => t.Name.Value));
        Assert.Equal("A photo of a boat", waiting.AnalyzerDescription);
        await AnalyzeAllAsync(web, new AnalysisResult("new 2.0", "A photo of a ship", 0.5f, [(TagName.Parse("ship"), 0.9f), (TagName.Parse("sea"), 0.8f)], []) { ModelVersion = "7" });
        var again = await web.WaitForAsync(image, _ => true);
        Assert.Equal((AnalysisStatus.Completed, "new 2.0", "7", 1), (again.Analysis.Status, again.Analysis.Analyzer, again.Analysis.ModelVersion, again.Analysis.Attempts));
        Assert.InRange(again.Analysis.Duration!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal(["mine", "ship"], again.Tags.Select(t => t.Name.Value));
        Assert.Equal(("My own words", "A photo of a ship"), (again.Description!.Text, again.AnalyzerDescription));
    }

    [Fact]
    public async Task Nobody_asks_twice_nor_for_what_is_anothers()
    {
        await using var host = await InfrastructureHost.StartAsync(settings: WithoutWorkers);
        var image = await host.AddImageAsync(await host.NewOwnerAsync());
        var foreign = await host.AddImageAsync(await host.NewOwnerAsync());
        await AnalyzeAllAsync(host);

        var dry = await ReanalysesAsync(host, image.OwnerId, r => r.AskAsync(image.OwnerId, [image.Id], ReanalysisChoice.Any, isDryRun: true, default));
        Assert.Equal(0, await JobsAsync(host));
        var first = await ReanalysesAsync(host, image.OwnerId, r => r.AskAsync(image.OwnerId, [image.Id, foreign.Id], ReanalysisChoice.Any, isDryRun: false, default));
        var second = await ReanalysesAsync(host, image.OwnerId, r => r.AskAsync(image.OwnerId, [image.Id], ReanalysisChoice.Any, isDryRun: false, default));

        Assert.Equal([image.Id], dry.Done);
        Assert.Equal([image.Id], first.Done);
        Assert.Equal(foreign.Id, Assert.IsType<ImageNotFoundException>(Assert.Single(first.Errors)).Id);
        Assert.Empty(second.Done);
        Assert.Equal(1, await JobsAsync(host));
    }

    [Fact]
    public async Task All_are_asked_for_a_batch_at_a_time_the_newest_first_and_with_progress()
    {
        await using var host = await InfrastructureHost.StartAsync(settings: WithoutWorkers);
        var owner = await host.NewOwnerAsync();
        List<Image> images = [];
        for (var i = 0; i < Reanalyses.BatchSize + 20; i++)
        {
            images.Add(await host.AddImageAsync(owner));
        }
        await AnalyzeAllAsync(host);
        var trashed = images[0];
        await host.LibraryAsync(owner, l => l.ChangeAsync(owner, [trashed.Id], i => i.Trash(DateTimeOffset.UtcNow), default));

        var count = await ReanalysesAsync(host, owner, r => r.AskForAllAsync(owner, ReanalysisChoice.Any, default));
        Assert.Equal((Reanalyses.BatchSize + 19, 0), (count, await JobsAsync(host)));

        Assert.True(await FillAsync(host));
        var progress = await ReanalysesAsync(host, owner, r => r.ProgressAsync(owner, default));
        Assert.Equal((count, 19, Reanalyses.BatchSize), (progress!.Total, progress.Remaining, await JobsAsync(host)));
        var first = await host.QueryAsync(owner, db => db.Set<JobRow>().Select(j => j.ImageId).ToListAsync());
        Assert.Equal(images.Select(i => i.Id).OrderDescending().Take(Reanalyses.BatchSize), first.OrderDescending());

        Assert.True(await FillAsync(host));
        Assert.Null(await ReanalysesAsync(host, owner, r => r.ProgressAsync(owner, default)));
        Assert.Equal(count, await JobsAsync(host));
        Assert.False(await FillAsync(host));
    }

    [Fact]
    public async Task A_new_wish_waits_until_jobs_are_made_of_the_one_before_and_is_carried_out_whole()
    {
        await using var host = await InfrastructureHost.StartAsync(settings: WithoutWorkers);
        var owner = await host.NewOwnerAsync();
        await host.AddImageAsync(owner);
        await AnalyzeAllAsync(host);

        Task<int> asking = Task.FromResult(0);
        await host.InScopeAsync(owner, async s =>
        {
            await using var making = await s.GetRequiredService<ImageRepoDbContext>().Database.BeginTransactionAsync();
            await s.GetRequiredService<IImageLibrary>().ChangeAsync(owner, [], _ => { }, default);
            asking = ReanalysesAsync(host, owner, r => r.AskForAllAsync(owner, ReanalysisChoice.Any, default));
            Assert.NotSame(asking, await Task.WhenAny(asking, Task.Delay(TimeSpan.FromSeconds(1))));
            await making.CommitAsync();
            return true;
        });

        Assert.Equal(1, await asking);
        Assert.True(await FillAsync(host));
        Assert.Equal(1, await JobsAsync(host));
    }

    [Fact]
    public async Task Older_and_other_analyzers_results_are_told_apart()
    {
        await using var host = await InfrastructureHost.StartAsync(settings: WithoutWorkers);
        var owner = await host.NewOwnerAsync();
        await host.AddImageAsync(owner);
        await AnalyzeAllAsync(host, new AnalysisResult("old 1.0", null, null, [], []));
        var between = DateTimeOffset.UtcNow;
        await host.AddImageAsync(owner);
        await AnalyzeAllAsync(host);
        await host.AddImageAsync(owner); // waits for its first analysis

        Task<int> CountAsync(ReanalysisChoice choice) => ReanalysesAsync(host, owner, r => r.CountAsync(owner, choice, default));

        Assert.Equal(2, await CountAsync(ReanalysisChoice.Any));
        Assert.Equal(1, await CountAsync(new ReanalysisChoice(null, IsOutdated: true)));
        Assert.Equal(1, await CountAsync(new ReanalysisChoice(between, IsOutdated: false)));
        Assert.Equal(0, await CountAsync(new ReanalysisChoice(DateTimeOffset.UnixEpoch, IsOutdated: false)));
        Assert.Equal(0, await ReanalysesAsync(host, owner, r => r.AskForAllAsync(owner, new ReanalysisChoice(DateTimeOffset.UnixEpoch, true), default)));
    }

    [Fact]
    public async Task A_fresh_upload_goes_first()
    {
        await using var host = await InfrastructureHost.StartAsync(settings: WithoutWorkers);
        var owner = await host.NewOwnerAsync();
        var old = await host.AddImageAsync(owner);
        await AnalyzeAllAsync(host);
        await ReanalysesAsync(host, owner, r => r.AskAsync(owner, [old.Id], ReanalysisChoice.Any, isDryRun: false, default));

        var fresh = await host.AddImageAsync(owner);

        var claimed = await host.InScopeAsync(owner, s => s.GetRequiredService<AnalysisJobs>().ClaimAsync(default));
        Assert.Equal(fresh.Id, claimed!.Image);
    }

    [Fact]
    public async Task Workers_do_it_by_themselves_also_after_failures_and_for_several_owners()
    {
        await using var web = await InfrastructureHost.StartAsync(settings: WithoutWorkers);
        List<Image> images = [await web.AddImageAsync(await web.NewOwnerAsync()), await web.AddImageAsync(await web.NewOwnerAsync())];
        await AnalyzeAllAsync(web, analyzer: new ScriptedAnalyzer((_, _) => throw new AnalysisFailedException("Not today.")));
        foreach (var image in images)
        {
            Assert.Equal(1, await ReanalysesAsync(web, image.OwnerId, r => r.AskForAllAsync(image.OwnerId, new ReanalysisChoice(null, IsOutdated: true), default)));
        }

        await using var worker = await InfrastructureHost.StartAsync(beside: web);

        foreach (var image in images)
        {
            Assert.Equal(1, (await web.WaitForAsync(image, i => i.Analysis.Status == AnalysisStatus.Completed)).Analysis.Attempts);
        }
    }

    private static Task<T> ReanalysesAsync<T>(InfrastructureHost host, OwnerId owner, Func<IReanalyses, Task<T>> act) =>
        host.InScopeAsync(owner, s => act(s.GetRequiredService<IReanalyses>()));

    private static async Task<bool> FillAsync(InfrastructureHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Reanalyses>().FillAsync(default);
    }

    /// <summary>Carries out what is due, as this analyzer would.</summary>
    private static async Task AnalyzeAllAsync(InfrastructureHost host, AnalysisResult? result = null, IImageAnalyzer? analyzer = null)
    {
        analyzer ??= new ScriptedAnalyzer((_, _) => Task.FromResult(result ?? ScriptedAnalyzer.Boat));
        while (true)
        {
            await using var scope = host.Services.CreateAsyncScope();
            if (await scope.ServiceProvider.GetRequiredService<AnalysisJobs>().ClaimAsync(default) is not { } job)
            {
                return;
            }
            await ActivatorUtilities.CreateInstance<AnalysisRun>(scope.ServiceProvider, analyzer).RunAsync(job, default);
        }
    }

    private static async Task<int> JobsAsync(InfrastructureHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>().Set<JobRow>().CountAsync();
    }
}
