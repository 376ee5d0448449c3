using ImageRepo.Domain;
using ImageRepo.Domain.Analysis;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Analysis;

/// <summary>
/// Several analyzers in order: the first that can say something of a picture describes it alone. One that is busy is waited for; one that
/// has given no answer for as long as <paramref name="patience"/> is passed over until it does again. See docs/decisions/0015.
/// </summary>
internal sealed class AnalyzerChain(IReadOnlyList<IImageAnalyzer> analyzers, TimeSpan patience, TimeProvider time, ILogger<AnalyzerChain> logger) : IImageAnalyzer
{
    private readonly Lock _lock = new();
    private readonly DateTimeOffset?[] _awaySince = new DateTimeOffset?[analyzers.Count];

    /// <summary>The first one's: it is the one that should have described everything.</summary>
    public string Name => analyzers[0].Name;

    public TimeSpan Pause
    {
        get
        {
            for (var i = 0; i < analyzers.Count; i++)
            {
                var pause = analyzers[i].Pause;
                if (pause <= TimeSpan.Zero || IsLast(i) || !IsPassedOver(i))
                {
                    return pause;
                }
            }
            return TimeSpan.Zero;
        }
    }

    public async Task<AnalysisResult> AnalyzeAsync(Stream rendition, PictureFacts facts, CancellationToken cancellationToken)
    {
        // Each reads it from its beginning.
        using var copy = new MemoryStream();
        await rendition.CopyToAsync(copy, cancellationToken);
        DomainException? refused = null;
        for (var i = 0; i < analyzers.Count; i++)
        {
            copy.Position = 0;
            try
            {
                using var own = new MemoryStream(copy.GetBuffer(), 0, (int)copy.Length, writable: false);
                var result = await analyzers[i].AnalyzeAsync(own, facts, cancellationToken);
                Answered(i);
                return result;
            }
            catch (AnalysisFailedException failed)
            {
                refused ??= failed;
            }
            catch (AnalyzerUnavailableException away) when (!IsLast(i) && Passes(i, away))
            {
                // Stands above a later one's refusal: this one may still manage when it is back.
                refused = away;
            }
        }
        throw refused!;
    }

    private bool IsLast(int i) => i == analyzers.Count - 1;

    private void Answered(int i)
    {
        lock (_lock)
        {
            if (IsPassedOver(i) && !IsLast(i))
            {
                logger.LogInformation("{Analyzer} answers again and describes the images from now on", analyzers[i].Name);
            }
            _awaySince[i] = null;
        }
    }

    /// <summary>Whether the next one is asked in its place.</summary>
    private bool Passes(int i, AnalyzerUnavailableException away)
    {
        lock (_lock)
        {
            if (away.IsBusy && away.RetryAfter <= patience)
            {
                _awaySince[i] = null;
                return false;
            }
            if (_awaySince[i] is null)
            {
                _awaySince[i] = time.GetUtcNow();
                logger.LogWarning("{Analyzer} is away; if it stays so for {Patience}, {Next} describes the images in its place", analyzers[i].Name, patience, analyzers[i + 1].Name);
            }
            return IsPassedOver(i);
        }
    }

    private bool IsPassedOver(int i)
    {
        lock (_lock)
        {
            return _awaySince[i] is { } since && time.GetUtcNow() - since >= patience;
        }
    }
}
