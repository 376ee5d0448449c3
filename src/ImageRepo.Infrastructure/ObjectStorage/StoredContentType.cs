namespace ImageRepo.Infrastructure.ObjectStorage;

/// <summary>What a store takes for a media type, so that it fits into a header of HTTP.</summary>
internal static class StoredContentType
{
    public const int MaxLength = 255;

    /// <exception cref="ArgumentException">It is empty, too long, or holds other than printable ASCII.</exception>
    public static void Check(string contentType)
    {
        if (contentType.Length is 0 or > MaxLength || contentType.Any(c => c is < ' ' or > '~'))
        {
            throw new ArgumentException($"A content type has 1 to {MaxLength} printable ASCII characters.", nameof(contentType));
        }
    }
}
