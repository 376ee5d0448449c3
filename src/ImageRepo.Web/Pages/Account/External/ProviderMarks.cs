using Microsoft.AspNetCore.Html;

namespace ImageRepo.Web.Pages.Account.External;

/// <summary>What stands before a provider's name on its button: its first letter in a ring, since the providers' own marks are theirs. Decoration.</summary>
internal static class ProviderMarks
{
    public static IHtmlContent Of(string id) => id == "oidc"
        ? Icons.Lock
        : new HtmlString($"""<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false"><circle cx="12" cy="12" r="9.25" fill="none" stroke="currentColor" stroke-width="1.75"/><text x="12" y="16" font-size="11.5" font-weight="680" text-anchor="middle" fill="currentColor">{char.ToUpperInvariant(id[0])}</text></svg>""");
}
