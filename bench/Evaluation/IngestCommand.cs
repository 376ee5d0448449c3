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
    private const double Goal = 1.1;

    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Where the photos are: test/photos/fetch-originals.sh." };
        var rounds = new Option<int>("--rounds") { Description = "How often each photo is measured.", DefaultValueFactory = _ => 10 };
        var warmUp = new Option<int>("--warm-up") { Description = "Rounds before that, which let the runtime compile what is run often.", DefaultValueFactory = _ => 10 };
        var command = new Command("ingest", "CPU time of uploads against bare NetVips.") { folder, rounds, warmUp };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(folder).FullName, parsed.GetValue(rounds), parsed.GetValue(warmUp)));
        return command;
    }

    private static async Task<int> RunAsync(string folder, int rounds, int warmUp)
    {
        await using var product = await IngestProduct.StartAsync();
        var photos = Directory.EnumerateFiles(folder, "*.jpg").Order(StringComparer.Ordinal).Select(Prepare).OfType<byte[]>().ToList();
        var output = Directory.CreateTempSubdirectory("imagerepo-bare-").FullName;
        var (bare, total) = (TimeSpan.Zero, default(IngestCost));
        try
        {
            for (var round = -warmUp; round < rounds; round++)
            {
                foreach (var photo in photos)
                {
                    var path = Path.Combine(output, "photo.jpg");
                    await File.WriteAllBytesAsync(path, photo);
                    var (alone, whole) = (Cpu.Of(() => BarePipeline.Run(path, output)), await product.MeasureAsync(photo));
                    (bare, total) = round < 0 ? (bare, total) : (bare + alone, total + whole);
                }
            }
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
        Print(photos, bare, total, photos.Count * rounds);
        return 0;
    }

    private static void Print(List<byte[]> photos, TimeSpan bare, IngestCost total, int uploads)
    {
        Console.WriteLine($"{photos.Count} photos of {Pixels / 1e6:0} megapixels, {photos.Average(p => p.Length) / (1 << 20):0.0} MiB on average; CPU ms an upload, and what that is of bare NetVips:");
        Line("bare NetVips", bare);
        Line("picture reader", total.Reader);
        Line("arrival", total.Arrival);
        Line("the rest", total.Rest);
        Line("PostgreSQL", total.Database);
        Line("whole upload", total.Whole);
        Console.WriteLine($"goal: at most {Goal} of bare NetVips: {(total.Whole / bare <= Goal ? "met" : "MISSED")}");

        void Line(string name, TimeSpan time) => Console.WriteLine($"  {name,-16} {time.TotalMilliseconds / uploads,7:0.0} {time / bare,6:0.000}");
    }

    private static byte[]? Prepare(string path)
    {
        using var photo = Image.Jpegload(path);
        var pixels = (double)photo.Width * photo.Height;
        if (pixels < Pixels)
        {
            return null;
        }
        using var scaled = photo.Resize(Math.Sqrt(Pixels / pixels));
        // Room for the id that makes each upload a file of its own.
        return [.. scaled.JpegsaveBuffer(q: 92), .. new byte[16]];
    }
}
