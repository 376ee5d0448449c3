using System.CommandLine;
using NetVips;

namespace ImageRepo.Evaluation;

/// <summary><c>evaluate encoders FOLDER</c>: bytes, CPU time and PSNR of a rendition of 1600 pixels by the product's encoders and by settings beside theirs.</summary>
internal static class EncodersCommand
{
    private const int Side = 1600;
    private const Enums.ForeignKeep Keep = Enums.ForeignKeep.None;

    private static readonly (string Name, Func<Image, byte[]> Encode)[] Settings =
    [
        ("JPEG q80", p => p.JpegsaveBuffer(q: 80, keep: Keep)),
        ("WebP q75 effort 2", p => p.WebpsaveBuffer(q: 75, effort: 2, keep: Keep)),
        .. from quality in (int[])[45, 50, 55, 60, 65] select ($"AVIF q{quality} effort 2", Avif(quality, 2)),
        .. from effort in (int[])[0, 1, 4] select ($"AVIF q55 effort {effort}", Avif(55, effort)),
        .. from level in (int[])[1, 3, 6, 9] select ($"PNG {level}", (Func<Image, byte[]>)(p => p.PngsaveBuffer(compression: level, keep: Keep))),
    ];

    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Where the photos are: test/photos/fetch-originals.sh." };
        var command = new Command("encoders", "Size, CPU time and fidelity of encoder settings.") { folder };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(folder).FullName));
        return command;
    }

    private static int Run(string folder)
    {
        NetVips.NetVips.Concurrency = 1;
        var pictures = Directory.EnumerateFiles(folder, "*.jpg").Order(StringComparer.Ordinal).Select(Reduce).OfType<Image>().ToList();
        Console.WriteLine($"{pictures.Count} photos at {Side} px: KiB, CPU ms, PSNR in dB (means)");
        foreach (var (name, encode) in Settings)
        {
            _ = encode(pictures[0]);
            var (bytes, time, psnr) = (0L, TimeSpan.Zero, 0.0);
            foreach (var picture in pictures)
            {
                byte[] file = [];
                time += Cpu.Of(() => file = encode(picture));
                bytes += file.Length;
                psnr += Psnr(picture, file);
            }
            Console.WriteLine($"  {name,-18} {bytes / 1024.0 / pictures.Count,7:0} {time.TotalMilliseconds / pictures.Count,7:0} {psnr / pictures.Count,6:0.0}");
        }
        pictures.ForEach(p => p.Dispose());
        return 0;
    }

    private static Func<Image, byte[]> Avif(int quality, int effort) =>
        p => p.HeifsaveBuffer(q: quality, effort: effort, compression: Enums.ForeignHeifCompression.Av1, keep: Keep);

    /// <summary>Null for a photo that is too small to be reduced.</summary>
    private static Image? Reduce(string path)
    {
        using var photo = Image.Jpegload(path);
        if (Math.Max(photo.Width, photo.Height) < 2 * Side)
        {
            return null;
        }
        using var reduced = photo.ThumbnailImage(Side, height: Side);
        using var plain = reduced.Colourspace(Enums.Interpretation.Srgb);
        return plain.CopyMemory();
    }

    private static double Psnr(Image picture, byte[] file)
    {
        using var decoded = Image.NewFromBuffer(file);
        using var difference = picture - decoded;
        using var squared = difference * difference;
        var mean = squared.Avg();
        return mean == 0 ? double.PositiveInfinity : 10 * Math.Log10(255 * 255 / mean);
    }
}
