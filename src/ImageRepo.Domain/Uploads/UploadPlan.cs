using ImageRepo.Domain.Images;

namespace ImageRepo.Domain.Uploads;

/// <summary>What a client says beforehand of the file that it is going to send. All of it is checked against the file in the end.</summary>
/// <param name="FileName">Cleaned.</param>
/// <param name="ContentType">The media type that the file must turn out to be; null for any.</param>
/// <param name="ContentHash">The hash that it must turn out to have; null for any.</param>
public sealed record UploadPlan(string FileName, long ByteSize, string? ContentType, ContentHash? ContentHash)
{
    public const int ContentTypeMaxLength = 100;

    /// <exception cref="EmptyFileException">It has no bytes.</exception>
    /// <exception cref="ImageTooLargeException">It has more than <see cref="ImageLimits.UploadBytes"/>.</exception>
    /// <exception cref="InvalidTextException">The type is too long, or the hash is none.</exception>
    public static UploadPlan Parse(string? fileName, long byteSize, string? contentType, string? contentHash, ImageLimits limits)
    {
        if (byteSize <= 0)
        {
            throw new EmptyFileException();
        }
        if (byteSize > limits.UploadBytes)
        {
            throw new ImageTooLargeException(byteSize, limits.UploadBytes);
        }
        return new UploadPlan(
            ImageFileName.FromUpload(fileName), byteSize, PlainText.Clean(contentType, "contentType", ContentTypeMaxLength)?.ToLowerInvariant(), ParseHash(contentHash));
    }

    private static ContentHash? ParseHash(string? text)
    {
        try
        {
            return text is null ? null : Images.ContentHash.Parse(text);
        }
        catch (FormatException wrong)
        {
            throw new InvalidTextException("contentHash", Images.ContentHash.Length, wrong.Message);
        }
    }
}
