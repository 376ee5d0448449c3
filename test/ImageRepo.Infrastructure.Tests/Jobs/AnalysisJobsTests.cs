using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Jobs;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Jobs;

public sealed class AnalysisJobsTests
{
    private static readonly (string, string) WithoutWorkers = ("Roles", "web");

    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public async Task An_upload_is_analysed_and_its_job_is_gone(Store store)
    {
        await using var host = await InfrastructureHost.StartAsync(store: store);
        var image = await host.AddImageAsync(await host.NewOwnerAsync());

        var analysed = await host.WaitForAsync(image, i => i.Analysis.Status == AnalysisStatus.Completed);

        Assert.Equal("A photo of a boat", analysed.Description?.Text);
        Assert.Equal(1, analysed.Analysis.Attempts);
        Assert.Equal(0, await JobsAsync(host));
    }

    [Fact]
    public async Task A_node_hears_of_another_nodes_uploads()
    {
        var analyzer = new ScriptedAnalyzer();
        await using var web = await InfrastructureHost.StartAsync(settings: WithoutWorkers);
        await using var worker = await InfrastructureHost.StartAsync(analyzer, beside: web);
        var image = await web.AddImageAsync(await web.NewOwnerAsync());

        await web.WaitForAsync(image, i => i.Analysis.Status == AnalysisStatus.Completed);

        Assert.Equal(1, analyzer.Calls);
    }

    [Fact]
    public async Task A_picture_that_cannot_be_analysed_fails_at_once_with_the_analyzers_words()
    {
        await using var host = await InfrastructureHost.StartAsync(new ScriptedAnalyzer((_, _) => throw new AnalysisFailedException("The picture is too strange.")));
        var image = await host.AddImageAsync(await host.NewOwnerAsync());

        var failed = await host.WaitForAsync(image, i => i.Analysis.Status == AnalysisStatus.Failed);

        Assert.Equal((1, "The picture is too strange."), (failed.Analysis.Attempts, failed.Analysis.Failure));
    }

    [Fact]
    public async Task A_failing_analyzer_is_tried_again()
    {
        await using var host = await InfrastructureHost.StartAsync(
            new ScriptedAnalyzer((call, _) => call < 3 ? throw new IOException("secret detail") : Task.FromResult(ScriptedAnalyzer.Boat)),
            settings: [("Analysis:FirstRetry", "00:00:00.010")]);
        var image = await host.AddImageAsync(await host.NewOwnerAsync());

        var analysed = await host.WaitForAsync(image, i => i.Analysis.Status == AnalysisStatus.Completed);

        Assert.Equal((3, null), (analysed.Analysis.Attempts, analysed.Analysis.Failure));
    }

    [Fact]
    public async Task Attempts_end_and_the_owner_reads_a_reason_without_details()
    {
        await using var host = await InfrastructureHost.StartAsync(
            new ScriptedAnalyzer((_, _) => throw new IOException("secret detail")),
            settings: [("Analysis:FirstRetry", "00:00:00.010"), ("Analysis:MaxAttempts", "2")]);
        var image = await host.AddImageAsync(await host.NewOwnerAsync());

        var failed = await host.WaitForAsync(image, i => i.Analysis.Status == AnalysisStatus.Failed);

        Assert.Equal("The analysis failed 2 times.", failed.Analysis.Failure);
        Assert.Equal(0, await JobsAsync(host));
    }

    [Fact]
    public async Task A_hanging_analyzer_is_given_up_and_tried_again()
    {
        await using var host = await InfrastructureHost.StartAsync(
            new ScriptedAnalyzer(async (call, cancel) =>
            {
                await (call == 1 ? Task.Delay(Timeout.Infinite, cancel) : Task.CompletedTask);
                return ScriptedAnalyzer.Boat;
            }),
            settings: [("Analysis:FirstRetry", "00:00:00.010"), ("Analysis:Timeout", "00:00:00.200")]);
        var image = await host.AddImageAsync(await host.NewOwnerAsync());

        var analysed = await host.WaitForAsync(image, i => i.Analysis.Status == AnalysisStatus.Completed);

        Assert.Equal(2, analysed.Analysis.Attempts);
    }

    [Fact]
    public async Task A_picture_that_kills_its_workers_ends_as_failed()
    {
        await using var host = await InfrastructureHost.StartAsync(settings: [WithoutWorkers, ("Analysis:MaxAttempts", "3")]);
        var image = await host.AddImageAsync(await host.NewOwnerAsync());
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            // Claimed, and never heard of again.
            Assert.Equal(attempt, (await ClaimAsync(host))?.Attempt);
            await ExpireLeasesAsync(host);
        }

        await using var worker = await InfrastructureHost.StartAsync(beside: host, settings: [("Analysis:MaxAttempts", "3")]);

        var failed = await host.WaitForAsync(image, i => i.Analysis.Status == AnalysisStatus.Failed);
        Assert.Equal("The analysis was interrupted too often.", failed.Analysis.Failure);
    }

    [Fact]
    public async Task A_job_has_one_worker_at_a_time()
    {
        await using var host = await InfrastructureHost.StartAsync(settings: WithoutWorkers);
        var owner = await host.NewOwnerAsync();
        for (var i = 0; i < 5; i++)
        {
            await host.AddImageAsync(owner);
        }

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ClaimAsync(host)));

        Assert.Equal(5, claims.OfType<ClaimedJob>().Select(j => j.Id).Distinct().Count());
        Assert.Equal(5, claims.OfType<ClaimedJob>().Count());
    }

    [Fact]
    public async Task A_worker_that_lost_its_lease_changes_nothing()
    {
        await using var host = await InfrastructureHost.StartAsync(settings: WithoutWorkers);
        var image = await host.AddImageAsync(await host.NewOwnerAsync());
        var late = (await ClaimAsync(host))!;
        await ExpireLeasesAsync(host);
        var next = (await ClaimAsync(host))!;

        await Assert.ThrowsAsync<LeaseLostException>(() => RunAsync(host, late));
        Assert.Equal(AnalysisStatus.Pending, (await host.WaitForAsync(image, _ => true)).Analysis.Status);

        await RunAsync(host, next);
        Assert.Equal(AnalysisStatus.Completed, (await host.WaitForAsync(image, _ => true)).Analysis.Status);

        // Later still, nothing that was completed is undone.
        await Assert.ThrowsAsync<LeaseLostException>(() => RunAsync(host, late));
        Assert.Equal(AnalysisStatus.Completed, (await host.WaitForAsync(image, _ => true)).Analysis.Status);
    }

    [Fact]
    public async Task A_purged_images_job_is_carried_out_by_nobody()
    {
        await using var host = await InfrastructureHost.StartAsync(settings: WithoutWorkers);
        var image = await host.AddImageAsync(await host.NewOwnerAsync());
        var job = (await ClaimAsync(host))!;
        await host.LibraryAsync(image.OwnerId, l => l.PurgeAsync(image.OwnerId, [image.Id], null, default));

        await Assert.ThrowsAsync<LeaseLostException>(() => RunAsync(host, job));

        Assert.Equal(0, await JobsAsync(host));
    }

    [Theory]
    [InlineData("")]
    [InlineData("web,cook")]
    public void A_role_that_does_not_exist_is_refused_by_its_setting(string roles)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Roles", roles)]).Build();

        Assert.Contains("Roles", Assert.Throws<SetupException>(() => NodeRoles.From(configuration)).Message);
    }

    private static async Task<ClaimedJob?> ClaimAsync(InfrastructureHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AnalysisJobs>().ClaimAsync(default);
    }

    private static async Task RunAsync(InfrastructureHost host, ClaimedJob job)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AnalysisRun>().RunAsync(job, default);
    }

    private static async Task ExpireLeasesAsync(InfrastructureHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>().Database.ExecuteSqlAsync($"update job set run_after = now() - interval '1 second'");
    }

    private static async Task<int> JobsAsync(InfrastructureHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>().Set<JobRow>().CountAsync();
    }
}
