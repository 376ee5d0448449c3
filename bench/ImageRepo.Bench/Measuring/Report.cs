using System.Globalization;

namespace ImageRepo.Bench.Measuring;

/// <summary>Prints each comparison as it is made, and at the end which goals were missed.</summary>
internal sealed class Report
{
    private readonly BenchOptions _options;
    private readonly List<string> _missed = [];
    private int _goals;

    public Report(BenchOptions options)
    {
        _options = options;
        Print($"{options.Images:N0} images, {options.Rounds} rounds; milliseconds as median/p95, then the ratio of medians and of p95");
    }

    /// <param name="atMost">What the ratio of the p95 may be; null for what is only told.</param>
    public async Task CompareAsync(string name, double? atMost, Func<int, Task> measured, Func<int, Task> against)
    {
        if (!IsWanted(name))
        {
            return;
        }
        // What takes seconds is not repeated a hundred times; the first time, when everything is compiled and planned, doesn't tell.
        await measured(0);
        await against(0);
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        await measured(1);
        await against(1);
        var once = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
        var rounds = (int)Math.Clamp(20 / Math.Max(once, 0.001), Math.Min(10, _options.Rounds), _options.Rounds);

        var (a, b) = await Timings.OfAsync(rounds, measured, against);
        Tell(name, a.P95 / b.P95, atMost,
            string.Create(CultureInfo.InvariantCulture, $"{a.Median,8:0.00}/{a.P95,-8:0.00} {b.Median,8:0.00}/{b.P95,-8:0.00} {a.Median / b.Median,7:0.000}"));
    }

    public bool IsWanted(string name) => _options.Only is null || name.Contains(_options.Only, StringComparison.OrdinalIgnoreCase);

    public void Tell(string name, double ratio, double? atMost, string figures) =>
        Judge(name, atMost is null ? null : ratio <= atMost, string.Create(CultureInfo.InvariantCulture, $"{figures} {ratio,7:0.000}"), atMost is null ? "" : $"at most {atMost:0.###}");

    public void TellAtLeast(string name, double ratio, double atLeast, string figures) =>
        Judge(name, ratio >= atLeast, string.Create(CultureInfo.InvariantCulture, $"{figures} {ratio,7:0.000}"), $"at least {atLeast:0.###}");

    public void TellWhether(string name, bool holds, string figures) => Judge(name, holds, figures, "must hold");

    public void Summarise() => Print(_missed.Count == 0 ? $"All {_goals} goals are met." : $"{_missed.Count} of {_goals} goals missed: {string.Join("; ", _missed)}");

    private void Judge(string name, bool? holds, string figures, string goal)
    {
        if (holds is { } met)
        {
            _goals++;
            if (!met)
            {
                _missed.Add(name);
            }
        }
        Print(string.Create(CultureInfo.InvariantCulture, $"{name,-58} {figures}  {goal,-14} {(holds is null ? "" : holds.Value ? "ok" : "MISSED")}"));
    }

    private static void Print(FormattableString line) => Print(line.ToString(CultureInfo.InvariantCulture));

    private static void Print(string line) => Console.WriteLine(line);
}
