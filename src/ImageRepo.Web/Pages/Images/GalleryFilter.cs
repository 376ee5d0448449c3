using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Images;
using Microsoft.AspNetCore.Http.Extensions;

namespace ImageRepo.Web.Pages.Images;

/// <summary>
/// What a gallery is narrowed to, as its address says it: words (<c>q</c>), tags (<c>tag</c>, all of them), colour names (<c>color</c>, all of them),
/// and a shade (<c>near</c>). What is not understood is left out, so that an old or hand-written address still shows something.
/// </summary>
internal sealed record GalleryFilter(string? Words, IReadOnlyList<string> Tags, IReadOnlyList<NamedColor> Colors, HexColor? Near)
{
    private const int MaxConditions = 10;

    private static readonly Dictionary<string, NamedColor> ColorsByName =
        Enum.GetValues<NamedColor>().ToDictionary(c => c.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The words as they were typed when they can't be searched for, and why; they narrow nothing then.</summary>
    public RefusedWords? Refused { get; private init; }

    public static GalleryFilter Read(IQueryCollection query)
    {
        var words = query["q"].ToString().Trim();
        var refused = Refuse(words);
        return new GalleryFilter(
            words.Length == 0 || refused is not null ? null : words,
            [.. query["tag"].Select(t => TagName.TryParse(t, out var name) ? name.Value : null).OfType<string>().Distinct().Take(MaxConditions)],
            [.. query["color"].Select(ParseColor).OfType<NamedColor>().Distinct().Take(MaxConditions)],
            HexColor.TryParse(query["near"], out var near) ? near : null)
        {
            Refused = refused,
        };
    }

    public bool IsEmpty => Words is null && Tags.Count == 0 && Colors.Count == 0 && Near is null;

    public GalleryFilter With(string tag) => this with { Tags = [.. Tags.Where(t => t != tag), tag] };

    public GalleryFilter Without(string tag) => this with { Tags = [.. Tags.Where(t => t != tag)] };

    public GalleryFilter With(NamedColor color) => this with { Colors = [.. Colors.Where(c => c != color), color] };

    public GalleryFilter Without(NamedColor color) => this with { Colors = [.. Colors.Where(c => c != color)] };

    /// <summary>The fields of this filter, for the hidden inputs of a form that changes one of them.</summary>
    public IEnumerable<KeyValuePair<string, string>> Fields()
    {
        if (Words is not null)
        {
            yield return new("q", Words);
        }
        foreach (var tag in Tags)
        {
            yield return new("tag", tag);
        }
        foreach (var color in Colors)
        {
            yield return new("color", color.ToString().ToLowerInvariant());
        }
        if (Near is { } near)
        {
            yield return new("near", near.ToString());
        }
    }

    public string Address(string? cursorName = null, string? cursor = null)
    {
        var query = new QueryBuilder(Fields());
        if (cursorName is not null && cursor is not null)
        {
            query.Add(cursorName, cursor);
        }
        return "/images" + query;
    }

    /// <summary>The variable <c>where</c>; null when nothing but words narrows the gallery.</summary>
    public Dictionary<string, object?>? Where()
    {
        var conditions = Tags.Select(t => Condition("tags", t)).Concat(Colors.Select(c => Condition("colors", c.ToString().ToUpperInvariant()))).ToList();
        var where = new Dictionary<string, object?>();
        if (conditions.Count > 0)
        {
            where["and"] = conditions;
        }
        if (Near is { } near)
        {
            where["color"] = new Dictionary<string, object?> { ["hex"] = near.ToString() };
        }
        return where.Count > 0 ? where : null;
    }

    private static object Condition(string list, string name) => new Dictionary<string, object?>
    {
        [list] = new Dictionary<string, object?> { ["some"] = new Dictionary<string, object?> { ["name"] = new Dictionary<string, object?> { ["eq"] = name } } },
    };

    // Enum.TryParse takes numbers and lists too; a colour is written by its name.
    private static NamedColor? ParseColor(string? name) => name is not null && ColorsByName.TryGetValue(name, out var color) ? color : null;

    private static RefusedWords? Refuse(string words)
    {
        try
        {
            SearchWords.Parse(words);
            return null;
        }
        catch (InvalidTextException e)
        {
            return new RefusedWords(words, e.Message);
        }
    }
}

/// <param name="Reason">In words for the person who typed them.</param>
internal sealed record RefusedWords(string Text, string Reason);
