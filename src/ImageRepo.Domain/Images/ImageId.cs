namespace ImageRepo.Domain.Images;

/// <summary>A version 7 UUID: ids sort by the time of upload, so the id is also the newest-first order.</summary>
public readonly record struct ImageId(Guid Value)
{
    public static ImageId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public override string ToString() => Value.ToString();
}
