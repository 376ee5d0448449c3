using System.Collections.Immutable;
using ImageRepo.Web.Identity.Applications;
using ImageRepo.Web.Identity.Consents;
using ImageRepo.Web.Identity.Tokens;

namespace ImageRepo.Web.Identity.PersonalTokens;

/// <summary>A personal token that somebody wants, checked.</summary>
internal sealed record NewPersonalToken(string Name, ImmutableArray<string> Scopes, TimeSpan Lifetime)
{
    public static int MostDays { get; } = (int)TokenLifetimes.PersonalMost.TotalDays;

    /// <returns>Null where there are problems.</returns>
    public static NewPersonalToken? Parse(string? name, IEnumerable<string> scopes, int days, ICollection<string> problems)
    {
        var before = problems.Count;
        var named = NewApplication.ParseName(name, problems);
        ImmutableArray<string> allowed = [.. ScopeWords.OfImages.Intersect(scopes)];
        if (allowed.IsEmpty)
        {
            problems.Add("Choose what the token may do.");
        }
        if (days < 1 || days > MostDays)
        {
            problems.Add($"Choose how many days it is good for: 1 to {MostDays}.");
        }
        return problems.Count > before ? null : new NewPersonalToken(named, allowed, TimeSpan.FromDays(days));
    }
}
