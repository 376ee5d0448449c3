using System.Collections.Frozen;
using System.Globalization;

namespace ImageRepo.Domain.Pictures;

/// <summary>
/// A copy of a picture that can be made when somebody asks for it. There are <see cref="All"/> of them and no more, so that nobody can fill
/// the store with a copy for every pixel of width.
/// </summary>
/// <param name="Size">The longer side, at most, in pixels.</param>
/// <param name="Crop">The shape that is cut from the middle; null for all of the picture.</param>
public sealed record RenditionPlan(int Size, AspectRatio? Crop, ImageFormat Format)
{
    /// <summary>Smallest first.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [160, 320, 480, 800, 1200, 1600, 2400];

    public static IReadOnlyList<ImageFormat> Formats { get; } = [ImageFormat.WebP, ImageFormat.Avif, ImageFormat.Jpeg, ImageFormat.Png];

    public static IReadOnlyList<RenditionPlan> All { get; } =
    [
        .. from size in Sizes
           from crop in AspectRatio.All.Select(r => (AspectRatio?)r).Prepend(null)
           from format in Formats
           select new RenditionPlan(size, crop, format),
    ];

    private static readonly FrozenDictionary<string, RenditionPlan> ByName = All.ToFrozenDictionary(p => p.Name);

    /// <summary>Such as <c>480-webp</c>, or <c>480-4x3-webp</c>.</summary>
    public string Name => (Crop is { } crop
        ? string.Create(CultureInfo.InvariantCulture, $"{Size}-{crop.Width}x{crop.Height}-{Format}")
        : string.Create(CultureInfo.InvariantCulture, $"{Size}-{Format}")).ToLowerInvariant();

    /// <summary>Null for a name that no plan has.</summary>
    public static RenditionPlan? Named(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The sizes that a picture of this longer side has: all that are smaller than it, and one in which nothing of it is lost, if any is large enough.</summary>
    public static IEnumerable<int> SizesFor(int longerSide) => Sizes.Where((_, i) => i == 0 || Sizes[i - 1] < longerSide);

    /// <summary>What becomes of a picture of this size, which is never enlarged.</summary>
    public PictureCut CutOf(int width, int height)
    {
        var (cutWidth, cutHeight) = Crop?.Within(width, height) ?? (width, height);
        var scale = Math.Min(1, (double)Size / Math.Max(cutWidth, cutHeight));
        var (newWidth, newHeight) = (Scaled(cutWidth, scale), Scaled(cutHeight, scale));
        return new PictureCut(Math.Max(newWidth, Scaled(width, scale)), Math.Max(newHeight, Scaled(height, scale)), newWidth, newHeight);
    }

    private static int Scaled(int pixels, double scale) => Math.Max(1, (int)Math.Round(pixels * scale));
}

/// <summary>A picture reduced to a size, of whose middle a part remains. In pixels.</summary>
public readonly record struct PictureCut(int ReducedWidth, int ReducedHeight, int Width, int Height);
