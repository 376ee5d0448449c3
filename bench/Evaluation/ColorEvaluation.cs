using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Pictures;

namespace ImageRepo.Evaluation;

/// <summary>One area of a chart that a palette must hold, and what of it the palette has.</summary>
/// <param name="Distance">In OKLab, to the palette's nearest colour.</param>
/// <param name="ShareOff">How far that colour's share is from the area's.</param>
internal sealed record ColorFinding(string Chart, HexColor Color, double Share, double Distance, double ShareOff)
{
    public const double MaxDistance = 0.03;
    public const double MaxShareOff = 0.05;

    public bool IsRight => Distance <= MaxDistance && ShareOff <= MaxShareOff;
}

/// <summary>Uploads charts as a user would, and looks for their areas in the palettes.</summary>
internal sealed class ColorEvaluation(IPictureReader reader)
{
    /// <summary>A smaller area need not be in the palette.</summary>
    public const double LeastShare = 0.05;

    public async Task<IReadOnlyList<ColorFinding>> RunAsync(IEnumerable<ColorChart> charts)
    {
        var findings = new List<ColorFinding>();
        foreach (var chart in charts)
        {
            using var stream = new MemoryStream(chart.Encoded);
            var picture = await reader.ReadAsync(stream, reader.Identify(chart.Encoded.AsSpan(0, reader.HeadLength)), default);
            findings.AddRange(chart.Areas.Where(a => a.Share >= LeastShare).Select(area => Find(chart.Name, area, picture.Colors)));
        }
        return findings;
    }

    private static ColorFinding Find(string chart, (HexColor Color, double Share) area, IReadOnlyList<ImageColor> palette)
    {
        var lab = Oklab.From(area.Color);
        var nearest = palette.MinBy(c => Oklab.From(c.Hex).DistanceTo(lab));
        return nearest is null
            ? new ColorFinding(chart, area.Color, area.Share, double.PositiveInfinity, area.Share)
            : new ColorFinding(chart, area.Color, area.Share, Oklab.From(nearest.Hex).DistanceTo(lab), Math.Abs(nearest.Share - area.Share));
    }
}
