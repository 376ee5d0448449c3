using NetVips;

namespace ImageRepo.Evaluation;

/// <summary>
/// Three sizes of a JPEG by NetVips alone: one decode that shrinks, a profile brought to sRGB, each size from the next larger one, the product's
/// encoders and settings, written to plain files. Nothing is hashed, encrypted, described or noted.
/// </summary>
internal static class BarePipeline
{
    public static void Run(string path, string folder)
    {
        using var header = Image.Jpegload(path);
        var shrink = new[] { 8, 4, 2 }.FirstOrDefault(s => Math.Max(header.Width, header.Height) / s >= 3200, 1);
        using var photo = Image.Jpegload(path, shrink: shrink, access: Enums.Access.Sequential, failOn: Enums.FailOn.Truncated);
        using var reduced = photo.ThumbnailImage(1600, height: 1600, size: Enums.Size.Down);
        using var decoded = reduced.CopyMemory();
        using var profiled = decoded.Contains("icc-profile-data") ? decoded.IccTransform("srgb", embedded: true, depth: 8) : null;
        using var large = profiled?.CopyMemory() ?? decoded.Copy();
        using var medium = Smaller(large, 800);
        using var small = Smaller(medium, 320);
        large.Jpegsave(Path.Combine(folder, "1600.jpg"), q: 80, keep: Enums.ForeignKeep.None);
        medium.Webpsave(Path.Combine(folder, "800.webp"), q: 75, effort: 2, keep: Enums.ForeignKeep.None);
        small.Webpsave(Path.Combine(folder, "320.webp"), q: 75, effort: 2, keep: Enums.ForeignKeep.None);
    }

    private static Image Smaller(Image picture, int side)
    {
        using var resized = picture.Resize((double)side / Math.Max(picture.Width, picture.Height));
        return resized.CopyMemory();
    }
}
