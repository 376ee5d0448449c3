using ImageRepo.Domain.Accounts;

namespace ImageRepo.Domain.Images;

/// <summary>
/// Every change to images goes through here: the image, its places in the tag and colour indexes, the owner's counters and its
/// analysis job change in one transaction that locks the owner's counter row first, so that parallel changes can't pass the quota.
/// </summary>
public interface IImageLibrary
{
    Task<Usage> UsageAsync(OwnerId owner, CancellationToken cancellationToken);

    /// <summary>
    /// Notes, before the first byte is stored, that objects of this image may be in the store without an image: what never becomes one is
    /// cleared away by this note.
    /// </summary>
    /// <returns>What the owner stores at this moment.</returns>
    /// <exception cref="QuotaExceededException">There is no room for any image.</exception>
    Task<Usage> ReserveAsync(OwnerId owner, ImageId image, CancellationToken cancellationToken);

    /// <summary>Takes the note back: the objects are gone.</summary>
    Task ReleaseAsync(OwnerId owner, ImageId image, CancellationToken cancellationToken);

    /// <summary>The owner's image with these bytes, living or in the trash.</summary>
    Task<Image?> FindTwinAsync(OwnerId owner, ContentHash hash, CancellationToken cancellationToken);

    /// <summary>
    /// Adds the image, which was reserved, and its analysis job. Where the owner has the same bytes already, that image is returned instead,
    /// taken out of the trash if it lay there.
    /// </summary>
    /// <exception cref="QuotaExceededException">There is no room.</exception>
    Task<UploadedImage> AddAsync(Image image, CancellationToken cancellationToken);

    /// <summary>Applies the change to each image that the owner has; what fails for one image does not stop the others.</summary>
    Task<BulkResult<Image>> ChangeAsync(OwnerId owner, IReadOnlyCollection<ImageId> ids, Action<Image> change, CancellationToken cancellationToken);

    /// <summary>Takes images out of the trash. An image that has a living twin stays there with a <see cref="DuplicateImageException"/>.</summary>
    Task<BulkResult<Image>> RestoreAsync(OwnerId owner, IReadOnlyCollection<ImageId> ids, CancellationToken cancellationToken);

    /// <summary>Removes images for good: their rows, then every object of theirs.</summary>
    /// <param name="owner">Whose images.</param>
    /// <param name="ids">Which images.</param>
    /// <param name="trashedBefore">Where set, images that were not in the trash by then are kept and count as not found.</param>
    /// <param name="cancellationToken">Ends the call before the rows are gone; the objects are deleted all the same once they are.</param>
    Task<BulkResult<ImageId>> PurgeAsync(OwnerId owner, IReadOnlyCollection<ImageId> ids, DateTimeOffset? trashedBefore, CancellationToken cancellationToken);
}

/// <param name="IsDuplicate">True when the owner had the same bytes already.</param>
public sealed record UploadedImage(Image Image, bool IsDuplicate);

/// <summary>What was done, in the order asked for, and what could not be: each error names its image.</summary>
public sealed record BulkResult<T>(IReadOnlyList<T> Done, IReadOnlyList<DomainException> Errors);
