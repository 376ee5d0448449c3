namespace ImageRepo.Domain.Uploads;

/// <summary>A version 7 UUID.</summary>
public readonly record struct UploadId(Guid Value)
{
    public static UploadId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public override string ToString() => Value.ToString();
}
