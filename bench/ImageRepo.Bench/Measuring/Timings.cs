using System.Diagnostics;

namespace ImageRepo.Bench.Measuring;

/// <summary>Milliseconds of many runs.</summary>
internal sealed record Timings(double Median, double P95)
{
    // .NET compiles a method anew after thirty calls and again after thirty more, each time a moment later: a hundred are past that. What takes long isn't run so often.
    private const int CompiledAfter = 100;

    /// <summary>
    /// Runs the two in turns, so that whatever else the machine does meets both; the first runs, which warm caches up and are compiled anew once they have run often, don't count.
    /// </summary>
    public static async Task<(Timings First, Timings Second)> OfAsync(int rounds, Func<int, Task> first, Func<int, Task> second)
    {
        var (one, other) = (new List<double>(), new List<double>());
        var warmUp = rounds < CompiledAfter ? Math.Max(3, rounds / 3) : Math.Max(CompiledAfter, rounds / 3);
        for (var round = 0; round < warmUp + rounds; round++)
        {
            var (a, b) = (await MeasureAsync(first, round), await MeasureAsync(second, round));
            if (round >= warmUp)
            {
                one.Add(a);
                other.Add(b);
            }
        }
        return (From(one), From(other));
    }

    private static async Task<double> MeasureAsync(Func<int, Task> run, int round)
    {
        var start = Stopwatch.GetTimestamp();
        await run(round);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static Timings From(List<double> milliseconds)
    {
        milliseconds.Sort();
        return new Timings(milliseconds[milliseconds.Count / 2], milliseconds[Math.Min(milliseconds.Count - 1, milliseconds.Count * 95 / 100)]);
    }
}
