using CsCheck;

namespace ImageRepo.GraphQL.Tests.Queries;

/// <summary>A filter as a client writes it, and what it says by the plainest code.</summary>
public sealed record ModelFilter(Dictionary<string, object?> Where, Func<ModelImage, bool> Matches)
{
    public static ModelFilter None { get; } = new([], _ => true);

    private static readonly Gen<string> Word = Gen.OneOf(ModelImage.Words);
    private static readonly Gen<int> Size = Gen.OneOf(0, 100, 150, 200, 300);
    private static readonly Gen<int> Bytes = Gen.OneOf(0, 3_000, 5_000, 9_000);
    private static readonly Gen<DateTimeOffset> Day = Gen.Int[-1, 4].Select(d => ModelImage.Noon.AddDays(d));

    private static readonly Gen<(string Name, string Hex)> Color = Gen.OneOf(
        ("TEAL", "#008080"), ("RED", "#FF0000"), ("WHITE", "#FFFFFF"), ("BLACK", "#000000"), ("BLUE", "#0000FF"), ("PINK", "#none"));

    /// <summary>One condition, or several within `and` or `or`, up to two levels deep.</summary>
    public static Gen<ModelFilter> Any { get; } = Gen.Frequency<ModelFilter>((6, Leaf()), (1, Joined(Leaf())), (1, Joined(Gen.OneOf<ModelFilter>(Leaf(), Joined(Leaf())))));

    /// <summary>Three filters that must all hold: those of different fields side by side, the others within `and`.</summary>
    public static Gen<ModelFilter> Three { get; } = Any.List[3, 3].Select(filters =>
    {
        var where = new Dictionary<string, object?>();
        var rest = new List<object>();
        foreach (var filter in filters)
        {
            if (filter.Where.Keys.Any(where.ContainsKey))
            {
                rest.Add(filter.Where);
            }
            else
            {
                filter.Where.ToList().ForEach(f => where.Add(f.Key, f.Value));
            }
        }
        var written = rest.Count == 0 ? where : new() { ["and"] = (object[])[where, .. rest] };
        return new ModelFilter(written, image => filters.All(f => f.Matches(image)));
    });

    private static Gen<ModelFilter> Joined(Gen<ModelFilter> parts) => Gen.Select(Gen.Bool, parts.List[0, 3]).Select((isOr, filters) => new ModelFilter(
        new() { [isOr ? "or" : "and"] = filters.Select(f => f.Where).ToArray() },
        image => filters.Count == 0 || (isOr ? filters.Any(f => f.Matches(image)) : filters.All(f => f.Matches(image)))));

    private static Gen<ModelFilter> Leaf() => Gen.OneOf<ModelFilter>(OfTags(), OfColors(), NearAColor(), OfSizes(), OfTheFile(), OfTimes());

    private static Gen<ModelFilter> OfTags()
    {
        var name = Gen.OneOf<(Dictionary<string, object?>, Func<string, bool>)>(
            Word.Select(w => (Op("eq", w), (Func<string, bool>)(t => t == w))),
            Word.Select(w => (Op("eq", $" {w.ToUpperInvariant()} "), (Func<string, bool>)(t => t == w))),
            Word.Select(w => (Op("neq", w), (Func<string, bool>)(t => t != w))),
            Word.List[0, 3].Select(ws => (Op("in", ws), (Func<string, bool>)ws.Contains)),
            Word.List[0, 3].Select(ws => (Op("nin", ws), (Func<string, bool>)(t => !ws.Contains(t)))),
            Word.Select(w => (Op("startsWith", w[..2]), (Func<string, bool>)(t => t.StartsWith(w[..2], StringComparison.Ordinal)))),
            Word.Select(w => (Op("nendsWith", w[^2..]), (Func<string, bool>)(t => !t.EndsWith(w[^2..], StringComparison.Ordinal)))),
            Gen.Select(Word, Word).Select((a, b) => (
                Op("or", (object[])[Op("eq", a), Op("eq", b)]), (Func<string, bool>)(t => t == a || t == b))));
        return Gen.OneOf<ModelFilter>(
            Gen.Select(Gen.OneOf("some", "none", "all"), name).Select((list, test) => Of("tags", Op(list, Op("name", test.Item1)), i => list switch
            {
                "some" => i.Tags.Any(test.Item2),
                "none" => !i.Tags.Any(test.Item2),
                _ => i.Tags.All(test.Item2),
            })),
            Gen.Bool.Select(any => Of("tags", Op("any", any), i => i.Tags.Count > 0 == any)));
    }

    private static Gen<ModelFilter> OfColors() => Gen.Select(Gen.OneOf("some", "none"), Color, Gen.OneOf(0, 0.2, 0.25, 0.4)).Select((list, color, share) =>
        Of("colors", Op(list, new Dictionary<string, object?> { ["name"] = Op("eq", color.Name), ["share"] = Op("gte", share) }),
            i => i.Picture.Colors.Any(c => c.Key == color.Hex && c.Value >= share) == (list == "some")));

    /// <summary>Within `and`, where it does not order. The colours of the model lie farther apart than this tolerance.</summary>
    private static Gen<ModelFilter> NearAColor() => Gen.Select(Gen.OneOf("#008080", "#FF0000", "#101010"), Gen.OneOf(0, 0.25, 0.4)).Select((hex, share) =>
        Of("and", Op("color", new Dictionary<string, object?> { ["hex"] = hex, ["tolerance"] = 0.05, ["minShare"] = share }),
            i => i.Picture.Colors.Any(c => c.Key == hex && c.Value >= share)));

    private static Gen<ModelFilter> OfSizes() => Gen.OneOf<ModelFilter>(
        Size.Select(n => Of("width", Op("gte", n), i => i.Picture.Width >= n)),
        Size.Select(n => Of("width", Op("ngt", n), i => i.Picture.Width <= n)),
        Size.Select(n => Of("height", Op("lt", n), i => i.Picture.Height < n)),
        Size.List[0, 2].Select(ns => Of("height", Op("nin", ns), i => !ns.Contains(i.Picture.Height))),
        Gen.OneOf("LANDSCAPE", "PORTRAIT", "SQUARE").Select(o => Of("orientation", Op("eq", o),
            i => o == (i.Picture.Width > i.Picture.Height ? "LANDSCAPE" : i.Picture.Width < i.Picture.Height ? "PORTRAIT" : "SQUARE"))));

    private static Gen<ModelFilter> OfTheFile() => Gen.OneOf<ModelFilter>(
        Gen.OneOf("a", "a1", "c_", "%").Select(t => Of("fileName", Op("startsWith", t), i => i.FileName.StartsWith(t, StringComparison.Ordinal))),
        Gen.OneOf(".png", "1.jpg", "_1.jpg").Select(t => Of("fileName", Op("endsWith", t), i => i.FileName.EndsWith(t, StringComparison.Ordinal))),
        Gen.OneOf("1", "_", "x").Select(t => Of("fileName", Op("ncontains", t), i => !i.FileName.Contains(t, StringComparison.Ordinal))),
        Gen.OneOf("image/png", "image/gif").Select(t => Of("contentType", Op("neq", t), i => t != "image/png" || i.Picture.Format != Domain.Pictures.ImageFormat.Png)),
        Bytes.Select(n => Of("byteSize", Op("lte", n), i => i.ByteSize <= n)),
        Bytes.Select(n => Of("byteSize", Op("nlt", n), i => i.ByteSize >= n)),
        Gen.Bool.Select(b => Of("isBlackAndWhite", Op("eq", b), i => i.Picture.IsBlackAndWhite == b)));

    private static Gen<ModelFilter> OfTimes() => Gen.OneOf<ModelFilter>(
        Day.Select(d => Of("takenAt", Op("gt", d), i => i.Picture.TakenAt > d)),
        Day.Select(d => Of("takenAt", Op("ngt", d), i => !(i.Picture.TakenAt > d))),
        Day.Select(d => Of("takenAt", Op("neq", d), i => i.Picture.TakenAt != d)),
        Gen.Const(Of("takenAt", Op("eq", null), i => i.Picture.TakenAt is null)));

    private static ModelFilter Of(string field, Dictionary<string, object?> condition, Func<ModelImage, bool> matches) => new(Op(field, condition), matches);

    private static Dictionary<string, object?> Op(string name, object? value) => new() { [name] = value };
}
