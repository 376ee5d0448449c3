using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using ImageRepo.Domain.Imports;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Imports;

/// <summary>
/// Fetches over HTTP as a stranger would: no proxy, no cookie, no credential, no trace, nothing unpacked, redirects followed one by one.
/// Not made by a client factory, whose logs name addresses.
/// </summary>
internal sealed class HttpRemoteFiles : IRemoteFiles, IDisposable
{
    private const int MaxRedirects = 5;
    private const int MaxUrlLength = 4096;

    private readonly HttpMessageInvoker _http;
    private readonly ImportOptions _options;

    public HttpRemoteFiles(CheckedConnections connections, IOptions<ImportOptions> options)
    {
        _options = options.Value;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = connections.ConnectAsync,
            ConnectTimeout = _options.ConnectTimeout,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            MaxResponseHeadersLength = 32, // KiB
            // What is left of an answer is of no use, and neither is its connection.
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.Zero,
        });
    }

    public async Task<RemoteFile> OpenAsync(Uri url, CancellationToken cancellationToken)
    {
        var whole = new CancellationTokenSource(_options.Timeout);
        HttpResponseMessage? response = null;
        try
        {
            response = await FollowAsync(url, whole.Token, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new UnreachableUrlException(url, (int)response.StatusCode);
            }
            var content = await response.Content.ReadAsStreamAsync(cancellationToken);
            return new RemoteFile(NameOf(url), new RemoteContent(url, response, content, _options.IdleTimeout, whole), response.Content.Headers.ContentLength);
        }
        catch
        {
            response?.Dispose();
            whole.Dispose();
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> FollowAsync(Uri url, CancellationToken whole, CancellationToken cancellationToken)
    {
        var next = url;
        for (var redirects = 0; ; redirects++)
        {
            Check(url, next);
            var response = await SendAsync(url, next, whole, cancellationToken);
            if (response.Headers.Location is not { } location || response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found
                or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return response;
            }
            response.Dispose();
            if (redirects == MaxRedirects || !Uri.TryCreate(next, location, out next!))
            {
                throw new UnreachableUrlException(url, (int)response.StatusCode);
            }
        }
    }

    /// <summary>What can be told of an address without asking anybody; the rest is for <see cref="CheckedConnections"/>.</summary>
    private static void Check(Uri asked, Uri next)
    {
        if (next.Scheme is not ("http" or "https") || next.IdnHost.Length == 0)
        {
            throw new ForbiddenUrlException(asked, "Only http and https addresses can be imported.");
        }
        if (next.UserInfo.Length > 0)
        {
            throw new ForbiddenUrlException(asked, "An address to import can hold no user name or password.");
        }
        if (next.AbsoluteUri.Length > MaxUrlLength)
        {
            throw new ForbiddenUrlException(asked, $"An address to import can have at most {MaxUrlLength} characters.");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri asked, Uri next, CancellationToken whole, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, whole);
        limit.CancelAfter(_options.ConnectTimeout + _options.IdleTimeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, next);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ImageRepo", null));
        request.Headers.Accept.ParseAdd("image/*");
        request.Headers.AcceptEncoding.ParseAdd("identity");
        try
        {
            return await _http.SendAsync(request, limit.Token);
        }
        catch (HttpRequestException refused) when (refused.InnerException is ForbiddenAddressException)
        {
            throw new ForbiddenUrlException(asked, "This address leads to no server on the public internet, or to another port than 80 and 443, so it is not fetched.", refused);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new UnreachableUrlException(asked, inner: failed);
        }
    }

    private static string NameOf(Uri url) => Uri.UnescapeDataString(url.Segments[^1].TrimEnd('/'));
}
