using ImageRepo.GraphQL.Execution;
using Microsoft.Extensions.Options;

namespace ImageRepo.GraphQL.Transport;

/// <summary>How many WebSockets and event streams each caller has open on this node.</summary>
internal sealed class OpenStreams(IOptions<GraphQLOptions> options)
{
    /// <summary>When to try again: whoever has so many open must close one first.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    public const string Problem = "There are too many streams open.";

    private readonly Dictionary<CallerKey, int> _open = [];

    /// <summary>A place among the caller's streams, until it is disposed; null when all are taken.</summary>
    public IDisposable? Open(CallerKey caller)
    {
        var limits = options.Value.Streams;
        lock (_open)
        {
            var count = _open.GetValueOrDefault(caller);
            if (count >= (caller.IsUser ? limits.MaxPerUser : limits.MaxPerAddress))
            {
                return null;
            }
            _open[caller] = count + 1;
        }
        return new Place(this, caller);
    }

    private void Close(CallerKey caller)
    {
        lock (_open)
        {
            if (--_open[caller] == 0)
            {
                _open.Remove(caller);
            }
        }
    }

    private sealed class Place(OpenStreams streams, CallerKey caller) : IDisposable
    {
        private int _isClosed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            {
                streams.Close(caller);
            }
        }
    }
}
