using System.Globalization;
using ImageRepo.Bench.Library;
using ImageRepo.Bench.Measuring;
using ImageRepo.Domain.Colors;

namespace ImageRepo.Bench.Scenarios;

/// <summary>Goal 2: the nearest colours cost at most a fiftieth of looking at all, and are the same.</summary>
internal static class ColorScenarios
{
    private static readonly string[] Colors = ["#4682B4", "#C04030", "#808080", "#20A060", "#E8C050"];

    public static async Task RunAsync(Product product, Report report)
    {
        await report.CompareAsync("nearest colour against looking at all", 1.0 / 50,
            round => product.PageAsync(Lists.Of(Near(Colors[round % Colors.Length]))), round => product.ReadAsync(LookAtAll(Colors[round % Colors.Length]), Product.Owner));
        await report.CompareAsync("nearest colour of a rare tag against newest", null,
            _ => product.PageAsync(Lists.Of(Near(Colors[0], Vocabulary.Rare.Value))), _ => product.PageAsync(Lists.Newest));
        await report.CompareAsync("nearest colour of a common tag against newest", null,
            _ => product.PageAsync(Lists.Of(Near(Colors[0], Vocabulary.Common.Value))), _ => product.PageAsync(Lists.Newest));
        await report.CompareAsync("nearest colour of a clustered tag against newest", null,
            _ => product.PageAsync(Lists.Of(Near(Colors[0], Vocabulary.Clustered.Value))), _ => product.PageAsync(Lists.Newest));

        if (report.IsWanted("the same nearest colours"))
        {
            var same = 0;
            foreach (var color in Colors)
            {
                var ranked = Lists.Ids(await product.PageAsync(Lists.Of(Near(color))));
                var expected = (await product.ReadAsync(LookAtAll(color), Product.Owner)).Select(r => Lists.GlobalId(r[0]));
                same += ranked.SequenceEqual(expected) ? 1 : 0;
            }
            report.TellWhether("the same nearest colours as by looking at all", same == Colors.Length, $"{same} of {Colors.Length}");
        }
    }

    private static string Near(string hex, string? tag = null) =>
        $$"""{ color: { hex: "{{hex}}" }{{(tag is null ? "" : $$""", tags: { some: { name: { eq: "{{tag}}" } } }""")}} }""";

    /// <summary>Every colour of the owner's by its distance, without an index: within the default tolerance and of the default share.</summary>
    private static string LookAtAll(string hex)
    {
        var lab = Oklab.From(HexColor.Parse(hex));
        var target = string.Create(CultureInfo.InvariantCulture, $"cube(array[{lab.L:R}, {lab.A:R}, {lab.B:R}, 0]::float8[])");
        return $"""
            with near as (
                select image_id, min(cube_distance(lab_w, {target})) as distance from image_color
                where owner_id = $1 and share >= 0.05::real and cube_distance(cube_subset(lab_w, array[1, 2, 3]), cube_subset({target}, array[1, 2, 3])) <= 0.1
                group by image_id order by distance, image_id desc limit 30)
            select {Lists.Columns} from near join image i on i.id = near.image_id order by near.distance, i.id desc
            """;
    }
}
