using System.Collections.Immutable;
using ImageRepo.Web.Identity.Consents;

namespace ImageRepo.Web.Identity.Applications;

internal enum ApplicationKind
{
    /// <summary>It has a server that keeps a secret (a confidential client).</summary>
    Server,

    /// <summary>It runs in a browser, on a phone or on a desktop, and keeps none (a public client).</summary>
    Device,

    /// <summary>A script of the one who registers it, for whom it acts (client credentials).</summary>
    Script,
}

/// <summary>What somebody wants to register, checked.</summary>
internal sealed record NewApplication(
    string Name, ApplicationKind Kind, ImmutableArray<Uri> RedirectAddresses, ImmutableArray<Uri> AddressesAfterSignOut, ImmutableArray<string> Scopes)
{
    public const int NameMaxLength = 60;
    public const int MostAddresses = 10;

    /// <param name="redirects">One address a line.</param>
    /// <param name="scopes">Of a script alone; the others ask for theirs each time.</param>
    /// <returns>Null where there are problems.</returns>
    public static NewApplication? Parse(
        string? name, ApplicationKind kind, string? redirects, string? afterSignOut, IEnumerable<string> scopes, ICollection<string> problems)
    {
        var before = problems.Count;
        var named = ParseName(name, problems);
        var isScript = kind is ApplicationKind.Script;
        var addresses = isScript ? [] : ParseAddresses(redirects, problems);
        var ends = isScript ? [] : ParseAddresses(afterSignOut, problems);
        ImmutableArray<string> allowed = isScript ? [.. scopes.Intersect(ScopeWords.OfImages)] : [];
        if (!Enum.IsDefined(kind))
        {
            problems.Add("Choose what kind of application it is.");
        }
        if (isScript && allowed.IsEmpty)
        {
            problems.Add("Choose what the script may do.");
        }
        if (kind is ApplicationKind.Server && addresses.IsEmpty)
        {
            problems.Add("Give at least one address to come back to.");
        }
        return problems.Count > before ? null : new NewApplication(named, kind, addresses, ends, allowed);
    }

    /// <summary>A name as people read it, of an application or a token.</summary>
    public static string ParseName(string? name, ICollection<string> problems)
    {
        var text = (name ?? "").Trim();
        if (text.Length is 0 or > NameMaxLength || text.Any(char.IsControl) || !IsText(text))
        {
            problems.Add($"Give it a name of 1 to {NameMaxLength} characters.");
        }
        return text;
    }

    // What is no Unicode can't be stored.
    private static bool IsText(string text) => !text.EnumerateRunes().Contains(System.Text.Rune.ReplacementChar) && text.IsNormalized();

    private static ImmutableArray<Uri> ParseAddresses(string? lines, ICollection<string> problems)
    {
        var addresses = new List<Uri>();
        var texts = (lines ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
        if (texts.Count > MostAddresses)
        {
            problems.Add($"These are {texts.Count} addresses; {MostAddresses} are the most.");
            return [];
        }
        foreach (var text in texts)
        {
            if (RedirectAddress.TryParse(text, out var address, out var problem))
            {
                addresses.Add(address);
            }
            else
            {
                problems.Add(problem);
            }
        }
        return [.. addresses];
    }
}
