using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;

namespace ImageRepo.Domain.Analysis;

/// <summary>Asks for images to be analysed again. What was found before stays until the new result is there; the owner's own words stay in any case.</summary>
public interface IReanalyses
{
    /// <summary>Asks for these; those that wait for their analysis already, or that the choice leaves out, are left as they are.</summary>
    /// <param name="owner">Whose images.</param>
    /// <param name="ids">Which images.</param>
    /// <param name="choice">Narrows them.</param>
    /// <param name="isDryRun">True: nothing is asked for, but the answer is the same.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The images that were asked for, and a <see cref="ImageNotFoundException"/> for each that the owner doesn't have.</returns>
    Task<BulkResult<ImageId>> AskAsync(OwnerId owner, IReadOnlyCollection<ImageId> ids, ReanalysisChoice choice, bool isDryRun, CancellationToken cancellationToken);

    /// <summary>Asks for all that the choice holds, outside the trash: a few at a time, in the background. It replaces what the owner asked for before in this way.</summary>
    /// <returns>How many there are.</returns>
    Task<int> AskForAllAsync(OwnerId owner, ReanalysisChoice choice, CancellationToken cancellationToken);

    /// <summary>How many <see cref="AskForAllAsync"/> would ask for.</summary>
    Task<int> CountAsync(OwnerId owner, ReanalysisChoice choice, CancellationToken cancellationToken);

    /// <summary>What is left of what <see cref="AskForAllAsync"/> was asked for; null when there is nothing.</summary>
    Task<ReanalysisProgress?> ProgressAsync(OwnerId owner, CancellationToken cancellationToken);
}

/// <param name="AnalyzedBefore">Only images whose result is older, or that have none.</param>
/// <param name="IsOutdated">Only images whose result was not made by the analyzer that is the first choice now, in its present version.</param>
public sealed record ReanalysisChoice(DateTimeOffset? AnalyzedBefore, bool IsOutdated)
{
    public static ReanalysisChoice Any { get; } = new(null, false);
}

/// <param name="Total">How many images there were when it was asked for.</param>
/// <param name="Remaining">How many of them have not been looked at yet.</param>
public sealed record ReanalysisProgress(DateTimeOffset RequestedAt, int Total, int Remaining);
