using System.Net;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using ImageRepo.Domain.Analysis;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Analysis.Azure;

/// <summary>What the service answered, whatever its status.</summary>
/// <param name="RetryAfter">The header of that name, as it is written.</param>
internal sealed record VisionAnswer(int Status, byte[] Body, string? RetryAfter);

/// <summary>
/// Sends one picture at a time to the service. Nothing is sent twice: what has to be tried again waits as a job and not in a worker's hands.
/// </summary>
internal sealed class AzureVisionClient : IDisposable
{
    /// <summary>A dense page with the place of every word takes 1 MiB.</summary>
    public const int MaxAnswerBytes = 8 * 1024 * 1024;

    private const string Scope = "https://cognitiveservices.azure.com/.default";

    private readonly SocketsHttpHandler _handler = new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        // The addresses behind the name change now and then.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = 32, // KiB
    };
    private readonly HttpClient _http;
    private readonly HttpPipeline _pipeline;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public AzureVisionClient(IOptions<AzureOptions> options, TimeProvider time)
        : this(options.Value, CredentialOf(options.Value.Entra), time, handler: null)
    {
    }

    internal AzureVisionClient(AzureOptions options, TokenCredential? credential, TimeProvider time, HttpMessageHandler? handler)
    {
        (_timeout, _time) = (options.Timeout, time);
        _http = new HttpClient(handler ?? _handler) { Timeout = Timeout.InfiniteTimeSpan };
        HttpPipelinePolicy identification = credential is null
            ? new KeyPolicy(new AzureKeyCredential(options.Key.Length > 0 ? options.Key : "none"))
            : new BearerTokenAuthenticationPolicy(credential, Scope);
        _pipeline = HttpPipelineBuilder.Build(new Settings(new HttpClientTransport(_http), options.Timeout), identification);
    }

    /// <exception cref="AnalyzerUnavailableException">There was no answer, or not all of it, in time.</exception>
    /// <exception cref="InvalidDataException">The answer has more than <see cref="MaxAnswerBytes"/>.</exception>
    public async Task<VisionAnswer> SendAsync(Uri address, byte[] picture, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_timeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        using var message = _pipeline.CreateMessage();
        message.BufferResponse = false;
        message.Request.Method = RequestMethod.Post;
        message.Request.Uri.Reset(address);
        message.Request.Headers.Add(HttpHeader.Common.OctetStreamContentType);
        message.Request.Headers.Add(HttpHeader.Common.JsonAccept);
        message.Request.Content = RequestContent.Create((ReadOnlyMemory<byte>)picture);
        try
        {
            await _pipeline.SendAsync(message, limit.Token);
            var body = await ReadAsync(message.Response.ContentStream, limit.Token);
            return new VisionAnswer(message.Response.Status, body, message.Response.Headers.TryGetValue("Retry-After", out var wait) ? wait : null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException late)
        {
            throw AzureFaults.NoAnswer($"it took longer than {_timeout}", late);
        }
        catch (Exception failed) when (failed is RequestFailedException or IOException or HttpRequestException)
        {
            throw AzureFaults.NoAnswer(failed.Message, failed);
        }
        catch (AuthenticationFailedException refused)
        {
            throw AzureFaults.NotRecognised("Microsoft Entra gave no token", refused);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }

    private static async Task<byte[]> ReadAsync(Stream? content, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (content is not null && await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (body.Length + read > MaxAnswerBytes)
            {
                throw new InvalidDataException($"Azure's answer has more than {MaxAnswerBytes} bytes.");
            }
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private static TokenCredential? CredentialOf(EntraOptions entra) =>
        entra.HasSecret ? new ClientSecretCredential(entra.TenantId, entra.ClientId, entra.ClientSecret)
        : !entra.UseManagedIdentity ? null
        : new ManagedIdentityCredential(entra.ClientId.Length > 0 ? ManagedIdentityId.FromUserAssignedClientId(entra.ClientId) : ManagedIdentityId.SystemAssigned);

    private sealed class KeyPolicy(AzureKeyCredential credential) : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message) => message.Request.Headers.SetValue("Ocp-Apim-Subscription-Key", credential.Key);
    }

    private sealed class Settings : ClientOptions
    {
        public Settings(HttpPipelineTransport transport, TimeSpan timeout)
        {
            Transport = transport;
            Retry.MaxRetries = 0;
            Retry.NetworkTimeout = timeout;
            Diagnostics.IsTelemetryEnabled = false;
            Diagnostics.IsLoggingContentEnabled = false;
            Diagnostics.IsDistributedTracingEnabled = false;
        }
    }
}
