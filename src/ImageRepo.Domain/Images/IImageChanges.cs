using ImageRepo.Domain.Accounts;

namespace ImageRepo.Domain.Images;

/// <summary>Tells of changes to images, whichever node they happened on.</summary>
public interface IImageChanges
{
    /// <summary>
    /// The owner's changes from now on, each after its commit, until cancelled. Ends with <see cref="ImageChangesLostException"/> when
    /// changes may have been missed: the reader was too slow or the connection to the database was lost.
    /// </summary>
    IAsyncEnumerable<ImageChange> WatchAsync(OwnerId owner, CancellationToken cancellationToken);
}

public sealed record ImageChange(ImageChangeKind Kind, ImageId ImageId);

public enum ImageChangeKind
{
    Uploaded,
    Analyzed,
    Updated,
    Deleted,
    Restored,
    Purged,
}

public sealed class ImageChangesLostException() : DomainException("Changes may have been missed; read the images again and subscribe again.");
