using System.Net;
using Azure.Core;
using Azure.Identity;
using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Analysis.Azure;
using ImageRepo.Testing.Vision;

namespace ImageRepo.Infrastructure.Tests.Analysis.Azure;

public sealed class EntraTests
{
    private static readonly Uri Address = new("https://photos.cognitiveservices.azure.com/computervision/imageanalysis:analyze");

    [Fact]
    public async Task A_token_of_Entra_stands_in_the_place_of_the_key()
    {
        using var service = new Recorder();
        using var client = new AzureVisionClient(new AzureOptions(), new Credential(() => new AccessToken("token-of-entra", DateTimeOffset.MaxValue)), TimeProvider.System, service);

        var answer = await client.SendAsync(Address, [1, 2, 3], default);

        Assert.Equal(200, answer.Status);
        Assert.Equal("Bearer token-of-entra", service.Authorization);
        Assert.False(service.HasKey);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_sent_and_the_settings_are_to_blame()
    {
        using var service = new Recorder();
        using var client = new AzureVisionClient(new AzureOptions(), new Credential(() => throw new AuthenticationFailedException("no such application")), TimeProvider.System, service);

        var refused = await Assert.ThrowsAsync<AnalyzerUnavailableException>(() => client.SendAsync(Address, [1, 2, 3], default));

        Assert.Contains("refuses this server's settings", refused.Message);
        Assert.Null(service.Authorization);
    }

    private sealed class Credential(Func<AccessToken> token) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal(["https://cognitiveservices.azure.com/.default"], requestContext.Scopes);
            return ValueTask.FromResult(token());
        }
    }

    /// <summary>Tokens go over TLS alone, so the service of the other tests won't do.</summary>
    private sealed class Recorder : HttpMessageHandler
    {
        public string? Authorization { get; private set; }

        public bool HasKey { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Authorization = request.Headers.Authorization?.ToString();
            HasKey = request.Headers.Contains("Ocp-Apim-Subscription-Key");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(VisionAnswers.Version40) });
        }
    }
}
