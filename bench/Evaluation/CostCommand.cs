using System.CommandLine;
using System.Diagnostics;
using ImageRepo.Domain.Colors;
using ImageRepo.Infrastructure.Analysis;
using ImageRepo.Infrastructure.Analysis.Text;
using ImageRepo.Infrastructure.Imaging;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Evaluation;

/// <summary><c>evaluate cost FOLDER</c>: CPU time of the analysis' steps over photos, decode excluded, and the process's memory.</summary>
internal static class CostCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Where the photos are." };
        var withoutText = new Option<bool>("--without-text") { Description = "Leaves the text unread, and its networks unloaded." };
        var command = new Command("cost", "CPU time and memory of the local analysis.") { folder, withoutText };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(folder).FullName, !parsed.GetValue(withoutText)));
        return command;
    }

    private static async Task<int> RunAsync(string folder, bool readsText)
    {
        await using var services = Analyzers.Start();
        var idle = Memory();
        var cost = new AnalysisCost(services, readsText);
        var files = Directory.EnumerateFiles(folder, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        cost.Measure(files[0]);
        var measured = files.Select(cost.Measure).ToList();
        Console.WriteLine($"CPU ms of {files.Count} photos, median and most:");
        Print("colours", measured.Select(m => m.Colors));
        Print("objects and faces", measured.Select(m => m.Objects));
        if (readsText)
        {
            Print("text", measured.Select(m => m.Text));
        }
        Console.WriteLine($"memory: {idle} MB before, {Memory()} MB after, {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB at most");
        return 0;
    }

    private static void Print(string step, IEnumerable<double> times)
    {
        var sorted = times.Order().ToList();
        Console.WriteLine($"  {step,-18} {sorted[sorted.Count / 2]:0.0} {sorted[^1]:0.0}");
    }

    private static long Memory()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 >> 20;
    }
}

/// <summary>CPU milliseconds of the steps for one photo.</summary>
internal readonly record struct StepCost(double Colors, double Objects, double Text);

/// <summary>Runs the steps of the local analysis one by one on this thread.</summary>
internal sealed class AnalysisCost(IServiceProvider services, bool readsText)
{
    private const int Sample = 128;

    private readonly LocalAnalyzer _analyzer = ActivatorUtilities.CreateInstance<LocalAnalyzer>(services);
    private readonly TextRecognition _text = services.GetRequiredService<TextRecognition>();

    public StepCost Measure(string path)
    {
        using var file = File.OpenRead(path);
        using var pixels = DecodedPixels.Decode(file);
        using var small = pixels.Squash(Sample, Sample);
        var rgba = small.Data.ToArray().Chunk(3).SelectMany(p => new[] { p[0], p[1], p[2], (byte)255 }).ToArray();
        // A single run of the colours is shorter than what the clock of the process tells apart.
        const int rounds = 20;
        var colors = Cpu(() => { for (var i = 0; i < rounds; i++) { ColorSummary.Of(rgba, Sample); } }) / rounds;
        return new StepCost(colors, Cpu(() => _analyzer.Look(pixels, default)), readsText ? Cpu(() => _text.Read(pixels, default)) : 0);
    }

    private static double Cpu(Action step)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        step();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMilliseconds;
    }
}
