using ImageRepo.Domain.Storage;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.ObjectStorage;

/// <summary>Links to this product itself, which reads the object for the browser.</summary>
internal sealed class TokenContentLinks(ContentTokens tokens, IOptions<LinksOptions> options, TimeProvider time) : IContentLinks
{
    public const string Path = "/content/";

    public Uri? Origin => null;

    public ContentLink Create(ObjectKey key, string? downloadName = null)
    {
        var expiresAt = options.Value.WindowAt(time.GetUtcNow()).LinksEnd;
        var token = tokens.Create(new ContentTicket(key, string.IsNullOrEmpty(downloadName) ? null : downloadName, expiresAt));
        return new ContentLink(new Uri(Path + token, UriKind.Relative), expiresAt);
    }

    public ContentLink CreateOnDemand(ObjectKey key) => Create(key);
}
