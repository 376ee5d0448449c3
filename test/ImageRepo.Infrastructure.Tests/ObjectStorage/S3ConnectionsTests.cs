using System.Net;
using System.Net.Sockets;
using Amazon.S3;
using ImageRepo.Infrastructure.ObjectStorage.S3;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

public sealed class S3ConnectionsTests
{
    [Theory]
    [InlineData(50_000, 1)]
    [InlineData(10, 2)]
    public async Task A_connection_serves_another_request_only_when_its_answer_was_read_whole(int read, int connections)
    {
        using var server = new HttpListener();
        var address = Listen(server);
        using var client = new S3Connections(NullLogger.Instance).CreateHttpClient(new AmazonS3Config());
        var ports = new List<int>();

        for (var request = 0; request < 2; request++)
        {
            var answer = client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
            var asked = await server.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(10));
            ports.Add(asked.Request.RemoteEndPoint.Port);
            asked.Response.ContentLength64 = 50_000;
            await asked.Response.OutputStream.WriteAsync(new byte[50_000]);
            asked.Response.Close();
            using var response = await answer;
            await using var content = await response.Content.ReadAsStreamAsync();
            await content.ReadExactlyAsync(new byte[read]);
        }

        Assert.Equal(connections, ports.Distinct().Count());
    }

    /// <summary>On a port that is free.</summary>
    private static string Listen(HttpListener server)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        probe.Stop();
        server.Prefixes.Add(address);
        server.Start();
        return address;
    }
}
