namespace ImageRepo.Domain.Images;

/// <summary>What one upload may be. Section <c>Limits</c>; each is shown in the error that it causes.</summary>
public sealed class ImageLimits
{
    /// <summary>Bytes of an original, by every way in. 100 MiB unless set.</summary>
    public long UploadBytes { get; set; } = 100L << 20;

    /// <summary>Pixels of a picture, all frames together, known from the header before decoding. 100 million unless set.</summary>
    public long Pixels { get; set; } = 100_000_000;

    /// <summary>Frames of an animation or pages of a document. 100 unless set.</summary>
    public int Frames { get; set; } = 100;

    /// <summary>Tags on one image, the analyzer's included. 50 unless set.</summary>
    public int TagsPerImage { get; set; } = 50;

    /// <summary>Images that one call may name. 100 unless set.</summary>
    public int ImagesPerCall { get; set; } = 100;
}
