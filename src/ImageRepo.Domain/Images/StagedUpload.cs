using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Pictures;

namespace ImageRepo.Domain.Images;

/// <summary>
/// A file that has arrived: its bytes lie encrypted in the store under the key that the image will have, but no image refers to them yet.
/// It becomes an image or is discarded.
/// </summary>
/// <param name="ContentHash">Computed while the bytes streamed in.</param>
public sealed record StagedUpload(ImageId ImageId, OwnerId OwnerId, string FileName, long ByteSize, ContentHash ContentHash, ImageFormat Format)
{
    /// <summary>The hash of what the file shows, without its metadata; null for formats that have none and for files that are not well made.</summary>
    public ContentHash? PictureHash { get; init; }

    /// <summary>What the owner stored when the file began to arrive; null where nobody has asked.</summary>
    public Usage? UsageBefore { get; init; }
}
