using System.Runtime.InteropServices;
using ImageMagick;
using ImageRepo.Domain.Images;
using NetVips;
using Image = NetVips.Image;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>
/// The pixels of HEIC pictures. The libvips that NetVips.Native carries reads their headers, but has no HEVC decoder; ImageMagick's has.
/// It is asked for nothing else, and only after the header has been checked.
/// </summary>
internal static class HeicPixels
{
    // Magick holds the file, libheif's planes and its own pixels at the same time (measured: 160 to 310 MB for 12 megapixels).
    public const int WeightPerPixel = 4;

    private static readonly Lazy<bool> Ready = new(Initialize);

    /// <summary>The package Magick.NET-Q8-x64 carries no library for other processors.</summary>
    public static bool IsAvailable => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Upright, in the colour space of its profile, which comes along. The caller disposes it.</summary>
    /// <exception cref="CorruptImageException">Truncated or otherwise unreadable.</exception>
    public static Image Decode(Stream heic, ImageLimits limits)
    {
        _ = Ready.Value;
        try
        {
            heic.Position = 0;
            using var picture = new MagickImage(heic, new MagickReadSettings { Format = MagickFormat.Heic });
            if ((long)picture.Width * picture.Height > limits.Pixels)
            {
                throw new ImageDimensionsTooLargeException((int)picture.Width, (int)picture.Height, 1, limits.Pixels, limits.Frames);
            }
            var mapping = picture.HasAlpha ? "RGBA" : "RGB";
            using var pixels = picture.GetPixelsUnsafe();
            var bytes = pixels.ToByteArray(mapping) ?? throw new CorruptImageException();
            using var raw = Image.NewFromMemory(bytes, (int)picture.Width, (int)picture.Height, mapping.Length, Enums.BandFormat.Uchar);
            using var srgb = raw.Copy(interpretation: Enums.Interpretation.Srgb);
            return picture.GetColorProfile() is { } profile
                ? srgb.Mutate(m => m.Set(GValue.BlobType, "icc-profile-data", profile.ToByteArray()))
                : srgb.Copy();
        }
        catch (MagickException e)
        {
            throw new CorruptImageException(e);
        }
    }

    private static bool Initialize()
    {
        ResourceLimits.Thread = 1;
        ResourceLimits.Disk = 0;
        ResourceLimits.Memory = 4UL << 30;
        ResourceLimits.Width = ResourceLimits.Height = 65_535;
        ResourceLimits.ListLength = 16;
        return true;
    }
}
