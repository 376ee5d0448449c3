namespace ImageRepo.Domain.Accounts;

/// <summary>What an owner stores, trash included, against what the owner may store. A null limit is no limit. Bytes are those of the originals.</summary>
public sealed record Usage(int ImageCount, int? ImageLimit, long Bytes, long? ByteLimit)
{
    /// <summary>True when one more image of this size still fits.</summary>
    public bool HasRoomFor(long byteSize) =>
        (ImageLimit is not { } images || ImageCount < images) && (ByteLimit is not { } bytes || Bytes + byteSize <= bytes);
}
