namespace ImageRepo.Domain.Accounts;

public sealed class QuotaExceededException(Usage usage) : DomainException(Describe(usage))
{
    public Usage Usage { get; } = usage;

    private static string Describe(Usage usage) => usage switch
    {
        { ImageLimit: { } images } when usage.ImageCount >= images =>
            $"Your library is full: {usage.ImageCount} of {images} images. Delete some permanently to make room.",
        { ByteLimit: { } bytes } => $"Your library has no room for this image: {usage.Bytes} of {bytes} bytes are used. Delete some permanently to make room.",
        _ => "Your library is full.",
    };
}
