using System.Globalization;
using System.Web;
using Amazon.S3;
using Amazon.S3.Model;
using ImageRepo.Domain.Storage;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ImageRepo.Infrastructure.ObjectStorage.S3;

/// <summary>
/// Presigned links: browsers fetch from the S3 server itself. A signature holds the second it was made in, so links are kept for their
/// window, that browsers may find the same one again.
/// </summary>
internal sealed class S3ContentLinks(S3Bucket bucket, TokenContentLinks own, IOptions<LinksOptions> options, TimeProvider time) : IContentLinks, IDisposable
{
    // Some 2 KB each.
    private const int MaxKept = 50_000;

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = MaxKept });

    public Uri Origin { get; } = new(bucket.BrowserAddress.GetLeftPart(UriPartial.Authority));

    public ContentLink Create(ObjectKey key, string? downloadName = null)
    {
        var now = time.GetUtcNow();
        var name = string.IsNullOrEmpty(downloadName) ? null : downloadName;
        if (_kept.TryGetValue((key, name), out KeptLink? kept) && kept!.Until > now)
        {
            return kept.Link;
        }
        var (windowEnd, end) = options.Value.WindowAt(now);
        var link = Sign(key, name, bucket.CredentialsEnd() is { } credentialsEnd && credentialsEnd < end ? WholeSecond(credentialsEnd) : end);
        // A link that ends early, with its credentials, is given for the first half of its life.
        var half = now + (link.ExpiresAt - now) / 2;
        var until = half < windowEnd && link.ExpiresAt < end.AddSeconds(-1) ? half : windowEnd;
        _kept.Set((key, name), new KeptLink(link, until), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = options.Value.Lifetime });
        return link;
    }

    /// <summary>S3 can't make what it doesn't have; the product then leads on to it.</summary>
    public ContentLink CreateOnDemand(ObjectKey key) => own.CreateOnDemand(key);

    public void Dispose() => _kept.Dispose();

    private ContentLink Sign(ObjectKey key, string? name, DateTimeOffset end)
    {
        var url = bucket.Sign(new GetPreSignedUrlRequest
        {
            Key = key.Value,
            Verb = HttpVerb.GET,
            Expires = end.UtcDateTime,
            ResponseHeaderOverrides = new ResponseHeaderOverrides
            {
                CacheControl = "private, immutable",
                // A link's remaining time is another at every request, so not as an age.
                Expires = end.UtcDateTime.ToString("R", CultureInfo.InvariantCulture),
                ContentDisposition = name is null ? null : Attachment(name),
            },
        });
        return new ContentLink(url, SignedUntil(url));
    }

    /// <summary>As RFC 6266 has it: the name in ASCII, and whole beside it.</summary>
    private static string Attachment(string name)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(name);
        return disposition.ToString();
    }

    /// <summary>Signatures know whole seconds alone, and the SDK rounds: of an end between two, up.</summary>
    private static DateTimeOffset WholeSecond(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    /// <summary>What the signature says, to the second.</summary>
    private static DateTimeOffset SignedUntil(Uri url)
    {
        var query = HttpUtility.ParseQueryString(url.Query);
        var signed = DateTimeOffset.ParseExact(query["X-Amz-Date"]!, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return signed + TimeSpan.FromSeconds(long.Parse(query["X-Amz-Expires"]!, CultureInfo.InvariantCulture));
    }

    private sealed record KeptLink(ContentLink Link, DateTimeOffset Until);
}
