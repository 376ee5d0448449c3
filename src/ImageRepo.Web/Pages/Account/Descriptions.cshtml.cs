using System.Globalization;
using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Schema;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace ImageRepo.Web.Pages.Account;

internal sealed class DescriptionsModel(UserManager<User> users, PageSchema schema, IImageAnalyzer analyzer) : OwnAccountPage(users)
{
    public string Analyzer => analyzer.Name;

    public int OutdatedCount { get; private set; }

    public int TotalCount { get; private set; }

    public ReanalysisData? UnderWay { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        OutdatedCount = await AskAsync(isOutdated: true, isDryRun: true, cancellationToken);
        TotalCount = await AskAsync(isOutdated: false, isDryRun: true, cancellationToken);
        UnderWay = (await schema.ExecuteAsync<DescriptionsData>("Account/Descriptions", new Dictionary<string, object?>(), cancellationToken)).Me.Reanalysis;
    }

    public async Task<IActionResult> OnPostAsync(bool isOutdated, CancellationToken cancellationToken)
    {
        var count = await AskAsync(isOutdated, isDryRun: false, cancellationToken);
        Notice.Leave(TempData, count == 0 ? "There is nothing to describe again." : $"{Images(count)} will be described again. It takes its time; you can go on meanwhile.");
        return Redirect("/account/descriptions");
    }

    /// <summary>"1 image", "1,024 images".</summary>
    public static string Images(int count) => count == 1 ? "1 image" : $"{Number(count)} images";

    public static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private async Task<int> AskAsync(bool isOutdated, bool isDryRun, CancellationToken cancellationToken)
    {
        var input = new Dictionary<string, object?> { ["all"] = true, ["outdated"] = isOutdated, ["dryRun"] = isDryRun };
        var data = await schema.ExecuteAsync<ReanalyzeData>("ReanalyzeImages", new Dictionary<string, object?> { ["input"] = input }, cancellationToken);
        return data.ReanalyzeImages.Count ?? 0;
    }

    internal sealed record DescriptionsData(MeData Me);

    internal sealed record MeData(ReanalysisData? Reanalysis);

    internal sealed record ReanalysisData(int Total, int Remaining, DateTimeOffset RequestedAt);

    internal sealed record ReanalyzeData(ReanalyzePayload ReanalyzeImages);

    internal sealed record ReanalyzePayload(int? Count);
}
