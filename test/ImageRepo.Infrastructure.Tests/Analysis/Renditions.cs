using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Imaging;
using NetVips;

namespace ImageRepo.Infrastructure.Tests.Analysis;

/// <summary>Pictures as the analyzer gets them: encoded, within 1600 pixels a side.</summary>
internal static class Renditions
{
    private static readonly string PhotoFolder = FindPhotos();

    /// <summary>The file names of the photos that the tests share.</summary>
    public static IEnumerable<string> Photos => Directory.EnumerateFiles(PhotoFolder, "*.jpg").Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal);

    public static (Stream Rendition, PictureFacts Facts) OfPhoto(string name) => Of(Path.Combine(PhotoFolder, name));

    /// <summary>One of the pictures beside these tests.</summary>
    public static (Stream Rendition, PictureFacts Facts) OfFile(string name) => Of(Path.Combine(AppContext.BaseDirectory, "Analysis", name));

    private static (Stream Rendition, PictureFacts Facts) Of(string path)
    {
        Vips.EnsureReady();
        using var image = Image.Thumbnail(path, 1600, height: 1600, size: Enums.Size.Down);
        return (new MemoryStream(image.JpegsaveBuffer(q: 80, keep: Enums.ForeignKeep.None)), Seen.Picture(image.Width, image.Height));
    }

    public static (Stream Rendition, PictureFacts Facts) OfSize(int width, int height)
    {
        Vips.EnsureReady();
        using var noise = Image.Gaussnoise(width, height, sigma: 60, mean: 128, seed: 7);
        using var image = noise.Cast(Enums.BandFormat.Uchar);
        return (new MemoryStream(image.JpegsaveBuffer(q: 80)), Seen.Picture(width, height));
    }

    private static string FindPhotos()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ImageRepo.slnx")))
            {
                return Path.Combine(folder.FullName, "test", "photos");
            }
        }
        throw new DirectoryNotFoundException("The tests run from within the repository, where test/photos is.");
    }
}
