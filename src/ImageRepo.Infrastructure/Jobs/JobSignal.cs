using ImageRepo.Infrastructure.Notifications;

namespace ImageRepo.Infrastructure.Jobs;

/// <summary>Wakes all who wait when there may be work, on whichever node it was enqueued.</summary>
internal sealed class JobSignal : INotificationHandler
{
    private TaskCompletionSource _next = New();

    public string Channel => AnalysisJobs.Channel;

    public void Handle(string payload) => Wake();

    public void Missed() => Wake();

    private void Wake() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    /// <summary>A task that ends with the next wake-up. Taken before looking for work, so that none is missed in between.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
