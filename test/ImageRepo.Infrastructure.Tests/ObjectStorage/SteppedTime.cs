namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class SteppedTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public void Advance(TimeSpan by) => Now += by;

    public override DateTimeOffset GetUtcNow() => Now;
}
