using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;

namespace ImageRepo.Domain.Uploads;

/// <summary>
/// The uploads that are under way. An upload is entered before the first of its bytes can arrive, and stays until it has expired, also when it
/// is complete: what is entered here is what the sweeper clears away.
/// </summary>
public interface IUploadRegister
{
    /// <exception cref="TooManyUploadsException">The owner has so many under way.</exception>
    /// <exception cref="QuotaExceededException">There is no room for it beside the owner's images and other uploads.</exception>
    Task AddAsync(Upload upload, int maxOpen, CancellationToken cancellationToken);

    /// <summary>The owner's upload; null when there is none or it has expired.</summary>
    Task<Upload?> FindAsync(OwnerId owner, UploadId id, CancellationToken cancellationToken);

    /// <summary>Keeps what the upload has come to.</summary>
    Task CompleteAsync(Upload upload, UploadedImage uploaded, CancellationToken cancellationToken);

    /// <summary>Ends an upload that can't become an image.</summary>
    Task ExpireAsync(Upload upload, CancellationToken cancellationToken);

    /// <summary>Waits until nobody else holds the upload, on whatever node, and holds it until disposed or this process ends.</summary>
    Task<IAsyncDisposable> HoldAsync(UploadId id, CancellationToken cancellationToken);
}
