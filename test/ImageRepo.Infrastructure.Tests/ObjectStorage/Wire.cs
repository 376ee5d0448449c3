using System.Collections.Concurrent;
using Amazon.Runtime;
using ImageRepo.Infrastructure.ObjectStorage.S3;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

/// <summary>What the S3 adapter sends, as it goes onto the wire; a test may hold it up or break it.</summary>
internal sealed class Wire : HttpClientFactory
{
    private readonly ConcurrentQueue<SentRequest> _sent = new();

    /// <summary>Every request so far, retries too.</summary>
    public IReadOnlyList<SentRequest> Sent => [.. _sent];

    /// <summary>Called with each request before it is sent; its answer, unless null, is given in the server's place.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage?>> Before { get; set; } = (_, _) => Task.FromResult<HttpResponseMessage?>(null);

    /// <summary>Called with each of the server's answers.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage, HttpResponseMessage> After { get; set; } = (_, answer) => answer;

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new S3Connections.Retriable(new Tap(this), NullLogger.Instance)) { Timeout = clientConfig.Timeout!.Value };

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => true;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;

    private sealed class Tap(Wire wire) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            wire._sent.Enqueue(new SentRequest(
                request.Method, request.RequestUri!,
                request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []).ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase)));
            return await wire.Before(request, cancellationToken) ?? wire.After(request, await base.SendAsync(request, cancellationToken));
        }
    }
}

internal sealed record SentRequest(HttpMethod Method, Uri Address, IReadOnlyDictionary<string, string> Headers);
