using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Infrastructure.Imaging;
using Microsoft.Extensions.Options;
using NetVips;
using Image = NetVips.Image;

namespace ImageRepo.Infrastructure.Tests.Imaging;

/// <summary>Pictures that tests make, and the photos that they share.</summary>
internal static class TestPictures
{
    public static NetVipsPictureReader Reader(ImageLimits? limits = null, ImagingOptions? options = null) =>
        new(limits ?? new ImageLimits(), Options.Create(options ?? new ImagingOptions()));

    public static Task<Picture> ReadAsync(byte[] file, ImageLimits? limits = null)
    {
        var reader = Reader(limits);
        return reader.ReadAsync(new MemoryStream(file), reader.Identify(file.AsSpan(0, Math.Min(file.Length, reader.HeadLength))), CancellationToken.None);
    }

    public static byte[] Photo(string name) => File.ReadAllBytes(Path.Combine(PhotoFolder, name));

    public static IEnumerable<string> PhotoNames => Directory.GetFiles(PhotoFolder, "*.jpg").Select(f => Path.GetFileName(f)).Order();

    /// <summary>The colours side by side, the widths as their shares.</summary>
    public static Image Stripes(int width, int height, params (string Hex, double Share)[] stripes)
    {
        var left = 0.0;
        Image? all = null;
        foreach (var (hex, share) in stripes)
        {
            var right = left + share;
            var stripe = Plain((int)Math.Round(right * width) - (int)Math.Round(left * width), height, hex);
            all = all is null ? stripe : all.Join(stripe, Enums.Direction.Horizontal);
            left = right;
        }
        return all!.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    public static Image Plain(int width, int height, string hex)
    {
        var color = Domain.Colors.HexColor.Parse(hex);
        using var black = Image.Black(width, height, bands: 3);
        return (black + new double[] { color.R, color.G, color.B }).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
    }

    /// <summary>Something to see everywhere: a red, a green, a blue and a white quarter, with fine noise.</summary>
    public static Image Quarters(int width, int height)
    {
        using var top = Plain(width / 2, height / 2, "#C81414").Join(Plain(width / 2, height / 2, "#14A014"), Enums.Direction.Horizontal);
        using var bottom = Plain(width / 2, height / 2, "#1E1EC8").Join(Plain(width / 2, height / 2, "#F0F0F0"), Enums.Direction.Horizontal);
        using var all = top.Join(bottom, Enums.Direction.Vertical);
        return (all + Image.Gaussnoise(all.Width, all.Height, sigma: 4, mean: 0, seed: 7)).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
    }

    /// <summary>As a camera stores it that was held so: the upright picture turned, and the EXIF orientation that turns it back.</summary>
    public static Image Held(Image upright, int orientation)
    {
        using var stored = orientation switch
        {
            2 => upright.FlipHor(),
            3 => upright.Rot180(),
            4 => upright.FlipVer(),
            5 => upright.Rot90().FlipHor(),
            6 => upright.Rot270(),
            7 => upright.Rot270().FlipHor(),
            8 => upright.Rot90(),
            _ => upright.Copy(),
        };
        return stored.Mutate(m => m.Set(GValue.GIntType, "orientation", orientation));
    }

    public static byte[] Encode(Image image, string suffix) => image.WriteToBuffer(suffix);

    /// <summary>A picture of this format; HEIC is the committed one, since nothing here can make it.</summary>
    public static byte[] Of(ImageFormat format, int width = 640, int height = 400) => format switch
    {
        ImageFormat.Jpeg => Encode(Quarters(width, height), ".jpg[Q=90]"),
        ImageFormat.Png => Encode(Quarters(width, height), ".png"),
        ImageFormat.WebP => Encode(Quarters(width, height), ".webp[Q=90]"),
        ImageFormat.Avif => Encode(Quarters(width, height), ".avif[effort=0]"),
        ImageFormat.Gif => Encode(Quarters(width, height), ".gif[effort=1]"),
        ImageFormat.Tiff => Encode(Quarters(width, height), ".tif[compression=deflate]"),
        ImageFormat.Heic => Photo("red-bowl.heic"),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>A bar that moves right, over a transparent or a white ground.</summary>
    public static byte[] Animation(string suffix, int frames, int width = 200, int height = 120, bool transparent = false)
    {
        var pages = Enumerable.Range(0, frames).Select(i =>
        {
            using var ground = transparent
                ? Image.Black(width, height, bands: 4)
                : Image.Black(width, height, bands: 4) + new double[] { 255, 255, 255, 255 };
            return ground.Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb)
                .Insert(Plain(width / 10, height, "#C81414").Bandjoin(255), i * width / frames, 0);
        }).ToArray();
        using var strip = Image.Arrayjoin(pages, across: 1).Mutate(m =>
        {
            m.Set(GValue.GIntType, "page-height", height);
            m.Set(GValue.ArrayIntType, "delay", Enumerable.Repeat(80, frames).ToArray());
        });
        return Encode(strip, suffix);
    }

    public static Image Open(EncodedRendition rendition) => Image.NewFromBuffer(rendition.Content, rendition.Format == ImageFormat.WebP ? "[n=-1]" : "");

    /// <summary>The colour of one pixel, at a part of the width and the height.</summary>
    public static double[] At(Image image, double x, double y) => image.Getpoint((int)(x * image.Width), (int)(y * image.PageHeight));

    public static void AssertNear(double[] expected, double[] actual, double tolerance = 14)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));
    }

    private static string PhotoFolder { get; } = FindPhotos();

    private static string FindPhotos()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "test", "photos")))
            {
                return Path.Combine(folder.FullName, "test", "photos");
            }
        }
        throw new DirectoryNotFoundException("test/photos is not above the test's folder.");
    }
}
