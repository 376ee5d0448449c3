namespace ImageRepo.Domain.Storage;

/// <summary>Makes the links under which browsers fetch objects without any other credential, until they expire.</summary>
public interface IContentLinks
{
    /// <summary>Scheme, host and port to which links lead; null when that is the product itself. Pages must allow pictures from there.</summary>
    Uri? Origin { get; }

    /// <summary>
    /// A link that ends at a window's edge: valid for at least half of <c>Links:Lifetime</c> and at most all of it, and the same
    /// for every call within the window, so that browsers can cache it.
    /// </summary>
    /// <param name="key">What to show.</param>
    /// <param name="downloadName">The name under which a browser saves it; null for what is only looked at.</param>
    ContentLink Create(ObjectKey key, string? downloadName = null);

    /// <summary>The same for a rendition that may not be there yet: a link to the product itself, which makes it when it is fetched for the first time.</summary>
    ContentLink CreateOnDemand(ObjectKey key);
}

/// <param name="Url">Absolute, or relative to the address at which the product is reached ("/content/…").</param>
public sealed record ContentLink(Uri Url, DateTimeOffset ExpiresAt);
