using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ImageRepo.GraphQL.Tests.Hosting;

namespace ImageRepo.GraphQL.Tests.Transport;

[Collection(SchemaServerCollection.Name)]
public sealed class EarlyRefusalTests(SchemaServer server)
{
    private const string Operations = "{\"query\":\"mutation ($f: Upload!) { uploadImage(input: { file: $f }) { errors { __typename ... on ImageTooLargeError { byteSize maxByteSize } } } }\",\"variables\":{\"f\":null}}";

    [Fact]
    public async Task A_file_that_its_request_says_is_too_large_is_answered_before_it_arrives()
    {
        var owner = await server.SignUpAsync();
        using var socket = await SendHeadAsync(owner, contentLength: 500_000_000);

        var watch = Stopwatch.StartNew();
        var answer = await AnswerAsync(socket);

        Assert.StartsWith("HTTP/1.1 200", answer);
        Assert.EndsWith("""{"data":{"uploadImage":{"errors":[{"__typename":"ImageTooLargeError","byteSize":null,"maxByteSize":3000000}]}}}""", answer);
        // None of the file was sent: whoever waited for it would wait for ever.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"It took {watch.Elapsed}.");
        Assert.Empty(await server.StoredAsync(owner));
    }

    [Fact]
    public async Task A_client_that_sends_on_reads_the_answer()
    {
        var owner = await server.SignUpAsync();

        using var response = await owner.UploadAsync(SchemaClient.UploadMutation, new { input = new { file = (object?)null } }, ("variables.input.file", "a.jpg", new byte[30_000_000]));
        var body = await SchemaClient.ReadAsync(response);

        Assert.Equal("ImageTooLargeError", (string?)body["data"]!["uploadImage"]!["errors"]![0]!["__typename"]);
        Assert.Empty(server.Log.Errors);
    }

    [Fact]
    public async Task A_file_that_may_just_fit_is_read()
    {
        var owner = await server.SignUpAsync();

        var body = await owner.UploadAsync(new TestPicture().Encode(3_000_000));

        Assert.Null(body["data"]!["uploadImage"]!["errors"]);
    }

    [Fact]
    public async Task Nobody_learns_nothing_of_it()
    {
        using var socket = await SendHeadAsync(server.Anonymous(), contentLength: 500_000_000);

        Assert.Contains("AUTH_NOT_AUTHENTICATED", await AnswerAsync(socket));
    }

    private async Task<TcpClient> SendHeadAsync(SchemaClient client, long contentLength)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        var user = client.Owner.Value == default ? "" : $"X-Test-User: {client.Owner}\r\n";
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"POST /graphql HTTP/1.1\r\nHost: localhost\r\n{user}GraphQL-preflight: 1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {contentLength}\r\n\r\n")
            + $"--b\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{Operations}\r\n--b\r\nContent-Disposition: form-data; name=\"map\"\r\n\r\n{{\"0\":[\"variables.f\"]}}\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"0\"; filename=\"a.jpg\"\r\n\r\nxxxx"));
        return socket;
    }

    /// <summary>As much as belongs to the answer; the connection stays open while the server drains it.</summary>
    private static async Task<string> AnswerAsync(TcpClient socket)
    {
        var answer = new StringBuilder();
        var buffer = new byte[16 << 10];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!answer.ToString().EndsWith("}", StringComparison.Ordinal))
        {
            var read = await socket.GetStream().ReadAsync(buffer, patience.Token);
            if (read == 0)
            {
                break;
            }
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        return answer.ToString();
    }
}
