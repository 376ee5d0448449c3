using System.CommandLine;
using NetVips;

namespace ImageRepo.Evaluation;

/// <summary>
/// <c>evaluate ingest FOLDER</c>: CPU time of an upload, all of it, against that of the same sizes made by bare NetVips, in turns in one process.
/// Photos of 12 megapixels or more are brought to 12 and saved as cameras do: baseline, 4:2:0, quality 92.
/// </summary>
internal static class IngestCommand
{
    private const double Pixels = 12e6;
    private const double SmallPixels = 100_000;
    private const double Goal = 1.1;

    /// <summary>For libvips, and what the size of a photo makes different.</summary>
    private const int RoundsBefore = 2;

    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Where the photos are: test/photos/fetch-originals.sh." };
        var rounds = new Option<int>("--rounds") { Description = "How often each photo is measured.", DefaultValueFactory = _ => 10 };
        var warmUp = new Option<int>("--warm-up") { Description = "Uploads of a small picture before that, which let the runtime compile what is run often.", DefaultValueFactory = _ => 1_500 };
        var command = new Command("ingest", "CPU time of uploads against bare NetVips.") { folder, rounds, warmUp };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(folder).FullName, parsed.GetValue(rounds), parsed.GetValue(warmUp)));
        return command;
    }

    private static async Task<int> RunAsync(string folder, int rounds, int warmUp)
    {
        await using var product = await IngestProduct.StartAsync();
        var originals = Directory.EnumerateFiles(folder, "*.jpg").Order(StringComparer.Ordinal).ToList();
        var output = Directory.CreateTempSubdirectory("imagerepo-bare-").FullName;
        var path = Path.Combine(output, "photo.jpg");
        var photos = new List<Image>();
        var (bare, total, bytes) = (TimeSpan.Zero, default(IngestCost), 0L);
        try
        {
            using var small = originals.Select(original => OpenAt(original, SmallPixels)).OfType<Image>().First();
            for (var upload = 0; upload < warmUp; upload++)
            {
                await product.MeasureAsync(Save(small, path));
            }
            photos.AddRange(originals.Select(original => OpenAt(original, Pixels)).OfType<Image>());
            for (var round = -RoundsBefore; round < rounds; round++)
            {
                foreach (var photo in photos)
                {
                    Save(photo, path);
                    var (alone, whole) = (Cpu.Of(() => BarePipeline.Run(path, output)), await product.MeasureAsync(path));
                    (bare, total, bytes) = round < 0 ? (bare, total, bytes) : (bare + alone, total + whole, bytes + new FileInfo(path).Length);
                }
            }
        }
        finally
        {
            Directory.Delete(output, recursive: true);
            photos.ForEach(p => p.Dispose());
        }
        Print(photos.Count, bare, total, bytes, photos.Count * rounds);
        return 0;
    }

    private static void Print(int photos, TimeSpan bare, IngestCost total, long bytes, int uploads)
    {
        Console.WriteLine($"{photos} photos of {Pixels / 1e6:0} megapixels, {(double)bytes / uploads / (1 << 20):0.0} MiB on average; CPU ms an upload, and what that is of bare NetVips:");
        Line("bare NetVips", bare);
        Line("picture reader", total.Reader);
        Line("arrival", total.Arrival);
        Line("the rest", total.Rest);
        Line("PostgreSQL", total.Database);
        Line("whole upload", total.Whole);
        Console.WriteLine($"goal: at most {Goal} of bare NetVips: {(total.Whole / bare <= Goal ? "met" : "MISSED")}");

        void Line(string name, TimeSpan time) => Console.WriteLine($"  {name,-16} {time.TotalMilliseconds / uploads,7:0.0} {time / bare,6:0.000}");
    }

    private static Image? OpenAt(string path, double wanted)
    {
        using var photo = Image.Jpegload(path);
        var pixels = (double)photo.Width * photo.Height;
        using var scaled = pixels < wanted ? null : photo.Resize(Math.Sqrt(wanted / pixels));
        return scaled?.CopyMemory();
    }

    /// <summary>In a light of its own: a file that was not there yet, with colours like the others' and not the same, as those of a library are.</summary>
    private static string Save(Image photo, string path)
    {
        using var lit = photo.Linear([Light(), Light(), Light()], [0.0], uchar: true);
        lit.Jpegsave(path, q: 92);
        return path;

        static double Light() => 0.75 + 0.25 * Random.Shared.NextDouble();
    }
}
