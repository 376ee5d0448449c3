namespace ImageRepo.Domain.Images;

/// <summary>
/// Which of an owner's images look alike. How that is told is the adapter's own: it is asked by image, so that one that compares what a model
/// saw can stand beside or instead of one that compares hashes.
/// </summary>
public interface ISimilarImages
{
    /// <summary>
    /// For each image the most similar ones among the caller's living images, the image itself left out: the most similar first, the older first among equals.
    /// All are found at once. Images that the caller doesn't have are similar to none.
    /// </summary>
    /// <param name="wanted">Images, living or in the trash, with how many similar ones each may have and how alike these must be at least; the adapter has a bound of its own too.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    Task<ILookup<ImageId, Similarity>> FindAsync(IReadOnlyCollection<(ImageId Image, int Most, double Least)> wanted, CancellationToken cancellationToken);
}

/// <param name="Of">The image that was asked about.</param>
/// <param name="Image">The one that resembles it.</param>
/// <param name="Degree">1 where the two can't be told apart, less the less alike they are.</param>
public readonly record struct Similarity(ImageId Of, ImageId Image, double Degree);
