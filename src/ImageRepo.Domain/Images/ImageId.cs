namespace ImageRepo.Domain.Images;

/// <summary>A version 7 UUID: ids sort by the time of upload, so the id is also the newest-first order.</summary>
public readonly record struct ImageId(Guid Value) : IComparable<ImageId>
{
    public static ImageId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public int CompareTo(ImageId other) => Value.CompareTo(other.Value);

    public static bool operator <(ImageId left, ImageId right) => left.CompareTo(right) < 0;
    public static bool operator >(ImageId left, ImageId right) => left.CompareTo(right) > 0;
    public static bool operator <=(ImageId left, ImageId right) => left.CompareTo(right) <= 0;
    public static bool operator >=(ImageId left, ImageId right) => left.CompareTo(right) >= 0;

    public override string ToString() => Value.ToString();
}
