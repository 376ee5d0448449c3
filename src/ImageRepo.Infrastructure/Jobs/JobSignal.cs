namespace ImageRepo.Infrastructure.Jobs;

/// <summary>Wakes all who wait when there may be work.</summary>
internal sealed class JobSignal
{
    private TaskCompletionSource _next = New();

    public void Wake() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    /// <summary>A task that ends with the next wake-up. Taken before looking for work, so that none is missed in between.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
