using ImageRepo.Domain.Colors;

namespace ImageRepo.Domain.Pictures;

/// <summary>Everything that one decode of an original tells. Width and height are after EXIF rotation, of one frame.</summary>
/// <param name="Colors">The palette, largest share first.</param>
/// <param name="DominantColors">The named colours that matter, largest first.</param>
/// <param name="ThumbHash">See https://evanw.github.io/thumbhash/.</param>
/// <param name="PerceptualHash">64 bits; a small Hamming distance means a similar picture.</param>
/// <param name="Renditions">Sizes 320, 800 and 1600; a size over the picture's own is left out, but for the smallest.</param>
public sealed record Picture(
    ImageFormat Format, int Width, int Height, int Frames, bool HasAlpha,
    IReadOnlyList<ImageColor> Colors, IReadOnlyList<NamedColor> DominantColors, HexColor? AccentColor, bool IsBlackAndWhite,
    byte[] ThumbHash, long PerceptualHash, Exif? Exif, IReadOnlyList<EncodedRendition> Renditions);

/// <param name="Size">The size it was made for: the longer side, at most, in pixels.</param>
public sealed record EncodedRendition(int Size, int Width, int Height, ImageFormat Format, byte[] Content)
{
    /// <summary>The stored sizes, smallest first.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [320, 800, 1600];
}
