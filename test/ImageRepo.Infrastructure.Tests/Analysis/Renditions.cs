using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Imaging;
using NetVips;

namespace ImageRepo.Infrastructure.Tests.Analysis;

/// <summary>Pictures as the analyzer gets them: encoded, within 1600 pixels a side.</summary>
internal static class Renditions
{
    /// <summary>The pictures beside these tests, and the photos that all tests share: paths.</summary>
    public static IReadOnlyList<string> Photos { get; } =
        [.. new[] { Path.Combine(AppContext.BaseDirectory, "Analysis"), Path.Combine(Repository(), "test", "photos") }
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.jpg"))
            .Order(StringComparer.Ordinal)];

    /// <param name="name">A file's, for example "giraffe.jpg".</param>
    public static (Stream Rendition, PictureFacts Facts) OfPhoto(string name) => Of(Photos.First(p => Path.GetFileName(p) == name));

    public static (Stream Rendition, PictureFacts Facts) Of(string path)
    {
        Vips.EnsureReady();
        using var image = Image.Thumbnail(path, 1600, height: 1600, size: Enums.Size.Down);
        return (new MemoryStream(image.JpegsaveBuffer(q: 80, keep: Enums.ForeignKeep.None)), Seen.Picture(image.Width, image.Height));
    }

    /// <summary>The photo in the middle of a larger, gray picture.</summary>
    public static Stream Framed(string name, int width, int height)
    {
        Vips.EnsureReady();
        using var image = Image.NewFromFile(Photos.First(p => Path.GetFileName(p) == name));
        using var framed = image.Embed((width - image.Width) / 2, (height - image.Height) / 2, width, height, Enums.Extend.Background, [128, 128, 128]);
        return new MemoryStream(framed.JpegsaveBuffer(q: 90));
    }

    public static (Stream Rendition, PictureFacts Facts) OfSize(int width, int height)
    {
        Vips.EnsureReady();
        using var noise = Image.Gaussnoise(width, height, sigma: 60, mean: 128, seed: 7);
        using var image = noise.Cast(Enums.BandFormat.Uchar);
        return (new MemoryStream(image.JpegsaveBuffer(q: 80)), Seen.Picture(width, height));
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ImageRepo.slnx")))
            {
                return folder.FullName;
            }
        }
        throw new DirectoryNotFoundException("The tests run from within the repository, where the photos are.");
    }
}
