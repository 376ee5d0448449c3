using ImageRepo.Domain.Storage;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.ObjectStorage;

/// <summary>Links to this product itself, which reads the object for the browser.</summary>
internal sealed class TokenContentLinks(ContentTokens tokens, IOptions<LinksOptions> options, TimeProvider time) : IContentLinks
{
    public const string Path = "/content/";

    public ContentLink Create(ObjectKey key, string? downloadName = null)
    {
        // The end of the next window: a whole window away at the least, two at the most.
        var window = options.Value.Lifetime.Ticks / 2;
        var expiresAt = new DateTimeOffset((time.GetUtcNow().UtcTicks / window + 2) * window, TimeSpan.Zero);
        var token = tokens.Create(new ContentTicket(key, string.IsNullOrEmpty(downloadName) ? null : downloadName, expiresAt));
        return new ContentLink(new Uri(Path + token, UriKind.Relative), expiresAt);
    }
}
