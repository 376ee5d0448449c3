using System.Runtime.CompilerServices;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;

namespace ImageRepo.GraphQL.Tests.Hosting;

/// <summary>The product's own feed, and how many watch it: a watcher counts from when it misses nothing until it is let go.</summary>
internal sealed class CountedChanges(IImageChanges feed) : IImageChanges
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public async Task WaitForAsync(int count)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(60); Count != count; await Task.Delay(20))
        {
            Assert.True(DateTime.UtcNow < deadline, $"{Count} watch, not {count}.");
        }
    }

    public async IAsyncEnumerable<ImageChange> WatchAsync(OwnerId owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var changes = feed.WatchAsync(owner, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var next = changes.MoveNextAsync();
        Interlocked.Increment(ref _count);
        try
        {
            while (await next)
            {
                yield return changes.Current;
                next = changes.MoveNextAsync();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
