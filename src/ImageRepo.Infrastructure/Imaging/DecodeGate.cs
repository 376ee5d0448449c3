using ImageRepo.Domain.Images;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>
/// Bounds the decoding of a process: so many pictures at a time, and so many pixels among them, since a decode's memory grows with its pixels.
/// First come, first served: a large picture at the head of the queue is not passed by small ones, which would starve it.
/// </summary>
internal sealed class DecodeGate(int parallelism, long pixels, int queueLength, TimeSpan retryAfter)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _queue = new();
    private int _freePlaces = parallelism;
    private readonly long _pixels = pixels;
    private long _freePixels = pixels;

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>Waits for a place; disposing what is returned frees it.</summary>
    /// <param name="weight">In pixels; more than the gate holds counts as all of it.</param>
    /// <exception cref="ServerBusyException">The queue is full.</exception>
    public async Task<IDisposable> EnterAsync(long weight, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new Waiter(Math.Clamp(weight, 1, _pixels));
        lock (_lock)
        {
            if (_queue.Count == 0 && Fits(waiter))
            {
                return Admit(waiter);
            }
            if (_queue.Count >= queueLength)
            {
                throw new ServerBusyException(retryAfter);
            }
            _queue.AddLast(waiter);
        }
        await using var registration = cancellationToken.Register(() => Leave(waiter, cancellationToken));
        return await waiter.Admitted.Task;
    }

    private bool Fits(Waiter waiter) => _freePlaces > 0 && waiter.Weight <= _freePixels;

    private Place Admit(Waiter waiter)
    {
        _freePlaces--;
        _freePixels -= waiter.Weight;
        return new Place(this, waiter.Weight);
    }

    private void Leave(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Who has been admitted in the meantime keeps the place and frees it in the usual way.
            if (_queue.Remove(waiter))
            {
                waiter.Admitted.SetCanceled(cancellationToken);
                AdmitNext();
            }
        }
    }

    private void Free(long weight)
    {
        lock (_lock)
        {
            _freePlaces++;
            _freePixels += weight;
            AdmitNext();
        }
    }

    private void AdmitNext()
    {
        while (_queue.First is { Value: var next } && Fits(next))
        {
            _queue.RemoveFirst();
            next.Admitted.SetResult(Admit(next));
        }
    }

    private sealed class Waiter(long weight)
    {
        public long Weight { get; } = weight;

        // Continuations run elsewhere: never under the gate's lock.
        public TaskCompletionSource<IDisposable> Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Place(DecodeGate gate, long weight) : IDisposable
    {
        private int _freed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _freed, 1) == 0)
            {
                gate.Free(weight);
            }
        }
    }
}
