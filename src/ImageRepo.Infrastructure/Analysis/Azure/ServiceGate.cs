using ImageRepo.Domain.Analysis;

namespace ImageRepo.Infrastructure.Analysis.Azure;

/// <summary>Keeps requests back while the service wants none, and within the quota that the operator set. Of this node alone.</summary>
internal sealed class ServiceGate(int? requestsPerMinute, TimeProvider time)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Queue<DateTimeOffset> _sent = [];
    private AnalyzerUnavailableException? _reason;
    private DateTimeOffset _closedUntil;

    /// <summary>How long until a request may pass; zero when one may now.</summary>
    public TimeSpan Pause
    {
        get
        {
            lock (_lock)
            {
                var now = time.GetUtcNow();
                return Longer(Closed(now), OverQuota(now));
            }
        }
    }

    /// <summary>Counts a request that is sent next.</summary>
    /// <exception cref="AnalyzerUnavailableException">None may be sent now.</exception>
    public void Pass()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (Closed(now) is var closed && closed > TimeSpan.Zero)
            {
                throw new AnalyzerUnavailableException(_reason!.Message, closed, _reason.IsBusy, _reason);
            }
            if (OverQuota(now) is var wait && wait > TimeSpan.Zero)
            {
                throw new AnalyzerUnavailableException("As many images as are allowed a minute were analysed; this one waits for its turn.", wait, isBusy: true);
            }
            if (requestsPerMinute is not null)
            {
                _sent.Enqueue(now);
            }
        }
    }

    /// <summary>Nothing passes for as long as the exception says; what was closed for longer stays so. True when it was open before.</summary>
    public bool Close(AnalyzerUnavailableException reason)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var wasOpen = _closedUntil <= now;
            if (now + reason.RetryAfter > _closedUntil)
            {
                (_closedUntil, _reason) = (now + reason.RetryAfter, reason);
            }
            return wasOpen;
        }
    }

    private TimeSpan Closed(DateTimeOffset now) => Longer(_closedUntil - now, TimeSpan.Zero);

    private TimeSpan OverQuota(DateTimeOffset now)
    {
        while (_sent.TryPeek(out var oldest) && oldest + Minute <= now)
        {
            _sent.Dequeue();
        }
        return _sent.Count < (requestsPerMinute ?? int.MaxValue) ? TimeSpan.Zero : _sent.Peek() + Minute - now;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
