using System.CommandLine;
using ImageRepo.Domain.Pictures;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Evaluation;

/// <summary><c>evaluate colors</c>: how many areas of made-up charts are in their palettes.</summary>
internal static class ColorsCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--charts") { Description = "How many charts.", DefaultValueFactory = _ => 200 };
        var seed = new Option<int>("--seed") { Description = "Another seed makes other charts.", DefaultValueFactory = _ => 1 };
        var command = new Command("colors", "Palettes of charts whose colours and shares are known.") { count, seed };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(count), parsed.GetValue(seed)));
        return command;
    }

    private static async Task<int> RunAsync(int count, int seed)
    {
        await using var services = Analyzers.Start();
        var reader = services.GetRequiredService<IPictureReader>();
        var findings = await new ColorEvaluation(reader).RunAsync(new ColorCharts(seed).Take(count));
        foreach (var wrong in findings.Where(f => !f.IsRight))
        {
            Console.WriteLine($"{wrong.Chart}: {wrong.Color} of {wrong.Share:P0} is {wrong.Distance:0.000} away, its share {wrong.ShareOff:0.000} off");
        }
        Console.WriteLine($"{findings.Count(f => f.IsRight)} of {findings.Count} areas right in {count} charts");
        return 0;
    }
}
