using WireMock;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.ResponseProviders;
using WireMock.Server;
using WireMock.Util;

namespace ImageRepo.Testing.Vision;

/// <summary>Stands for Azure AI Vision on this machine and answers as a test tells it to.</summary>
public sealed class VisionServer : IDisposable
{
    private readonly WireMockServer _server = WireMockServer.Start();
    private int _calls;

    public VisionServer(string? answer = null) => Answer(200, answer ?? VisionAnswers.Version40);

    public string Address => _server.Urls[0];

    public IReadOnlyList<IRequestMessage> Requests => [.. _server.LogEntries.Select(e => e.RequestMessage).OfType<IRequestMessage>()];

    public void Answer(int status, string body, params (string Name, string Value)[] headers) => Answer((_, _) => (status, body, headers));

    /// <param name="script">Gets the call's number, the first is 1, and the request.</param>
    public void Answer(Func<int, IRequestMessage, (int Status, string Body, (string Name, string Value)[] Headers)> script) =>
        Respond(Response.Create().WithCallback(request =>
        {
            var (status, body, headers) = script(Interlocked.Increment(ref _calls), request);
            return new ResponseMessage
            {
                StatusCode = status,
                Headers = headers.Append(("Content-Type", "application/json")).ToDictionary(h => h.Item1, h => new WireMock.Types.WireMockList<string>(h.Item2)),
                BodyData = new BodyData { BodyAsString = body, DetectedBodyType = WireMock.Types.BodyType.String, Encoding = System.Text.Encoding.UTF8 },
            };
        }));

    /// <summary>Any answer of WireMock's, such as a fault.</summary>
    public void Respond(IResponseProvider response)
    {
        _server.ResetMappings();
        _server.Given(Request.Create().UsingPost()).RespondWith(response);
    }

    public void Dispose() => _server.Dispose();
}
