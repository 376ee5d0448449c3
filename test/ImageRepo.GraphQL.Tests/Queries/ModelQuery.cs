using CsCheck;

namespace ImageRepo.GraphQL.Tests.Queries;

/// <summary>Search, filter, order and size of a page, and what they must find.</summary>
public sealed record ModelQuery(string? Search, ModelFilter Filter, string? OrderBy, bool IsDescending, int PageSize)
{
    public static Gen<ModelQuery> Any { get; } = Gen.Select(
        Gen.Frequency<string?>((3, Gen.Const((string?)null)), (1, Term().List[1, 2].Select(t => (string?)string.Join(' ', t)))),
        ModelFilter.Three, Gen.OneOf<string?>(null, null, "fileName", "takenAt", "byteSize"), Gen.Bool, Gen.Int[3, 9]).Select((s, f, o, d, p) => new ModelQuery(s, f, o, d, p));

    public object? Order => OrderBy is null ? null : new[] { new Dictionary<string, string> { [OrderBy] = IsDescending ? "DESC" : "ASC" } };

    public override string ToString() =>
        $"search: {Search}, where: {System.Text.Json.JsonSerializer.Serialize(Filter.Where)}, order: {OrderBy} {(IsDescending ? "DESC" : "ASC")}, {PageSize} a page";

    public List<string> Find(IEnumerable<ModelImage> library)
    {
        var found = library.Where(i => Finds(i) && Filter.Matches(i));
        var ordered = OrderBy switch
        {
            "fileName" => Sort(found, i => i.FileName, StringComparer.Ordinal),
            "byteSize" => Sort(found, i => i.ByteSize),
            "takenAt" => IsDescending
                ? found.OrderBy(i => i.Picture.TakenAt is null).ThenByDescending(i => i.Picture.TakenAt)
                : found.OrderBy(i => i.Picture.TakenAt is null).ThenBy(i => i.Picture.TakenAt),
            _ => found.OrderBy(_ => 0),
        };
        return [.. ordered.ThenByDescending(i => i.Id).Select(i => i.NodeId)];
    }

    private IOrderedEnumerable<ModelImage> Sort<TKey>(IEnumerable<ModelImage> images, Func<ModelImage, TKey> key, IComparer<TKey>? comparer = null) =>
        IsDescending ? images.OrderByDescending(key, comparer) : images.OrderBy(key, comparer);

    private bool Finds(ModelImage image)
    {
        var terms = Search?.Split(' ') ?? [];
        return terms.Select((term, i) => term[0] == '-' ? !image.Tags.Contains(term[1..])
            : i == terms.Length - 1 ? image.Tags.Any(t => t.StartsWith(term, StringComparison.Ordinal))
            : image.Tags.Contains(term)).All(found => found);
    }

    private static Gen<string> Term() => Gen.Select(Gen.OneOf(ModelImage.Words), Gen.Int[0, 3])
        .Select((word, kind) => kind switch { 0 => $"-{word}", 1 => word[..3], _ => word });
}
