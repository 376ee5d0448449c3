using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;

namespace ImageRepo.Domain.Imports;

/// <summary>Brings in an image from a web address. What arrives takes the same way as every upload.</summary>
public sealed class ImageImporter(IRemoteFiles files, ImageUploader uploader, ImportTurns turns, ImageLimits limits)
{
    /// <exception cref="TooManyImportsException">The owner has too many under way.</exception>
    /// <exception cref="ForbiddenUrlException">The address is none that may be fetched.</exception>
    /// <exception cref="UnreachableUrlException">It gave no file.</exception>
    /// <exception cref="DomainException">As <see cref="ImageUploader"/>.</exception>
    public async Task<UploadedImage> ImportAsync(OwnerId owner, Uri url, UploadDetails details, CancellationToken cancellationToken)
    {
        using var turn = turns.Take(owner);
        var staged = await StageAsync(owner, url, cancellationToken);
        return await uploader.UploadAsync(staged, details, cancellationToken);
    }

    private async Task<StagedUpload> StageAsync(OwnerId owner, Uri url, CancellationToken cancellationToken)
    {
        await using var file = await files.OpenAsync(url, cancellationToken);
        // Told at once; what the server does not say beforehand is bounded while it streams.
        return file.Length > limits.UploadBytes
            ? throw new ImageTooLargeException(file.Length, limits.UploadBytes)
            : await uploader.StageAsync(owner, file.Name, file.Content, cancellationToken);
    }
}
