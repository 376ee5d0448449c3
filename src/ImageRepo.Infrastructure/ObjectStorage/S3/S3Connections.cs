using Amazon.Runtime;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.ObjectStorage.S3;

/// <summary>The SDK's connections to a server. They are made as it makes them itself, but no other bucket shares them, none is used again whose answer was left unread, and they end with its client.</summary>
internal sealed class S3Connections(ILogger logger) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = clientConfig.AllowAutoRedirect,
            // A connection whose answer nobody reads to its end serves no other request: .NET would read on in the background, where nobody watches over it.
            ResponseDrainTimeout = TimeSpan.Zero,
        };
        if (clientConfig.ConnectTimeout is { } patience)
        {
            handler.ConnectTimeout = patience;
        }
        var client = new HttpClient(new Retriable(handler, logger));
        client.Timeout = clientConfig.Timeout ?? client.Timeout;
        return client;
    }

    /// <summary>
    /// Tells the SDK what it takes for a lost connection, so that it sends the request again: .NET lets out bare what its reading of an answer runs into when a connection ends just then
    /// (seen: ArgumentOutOfRangeException out of HttpConnection.ParseStatusLine, .NET 10.0.12).
    /// </summary>
    public sealed class Retriable(HttpMessageHandler inner, ILogger logger) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (ArgumentOutOfRangeException e)
            {
                logger.LogWarning(e, "A connection to the S3 server broke while its answer was read; the request may be sent again");
                throw new IOException("The connection broke while its answer was read.", e);
            }
        }
    }
}
