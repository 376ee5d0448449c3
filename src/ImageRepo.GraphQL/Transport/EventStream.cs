using System.Buffers;
using ImageRepo.GraphQL.Execution;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageRepo.GraphQL.Transport;

/// <summary>Server-sent events by the graphql-sse protocol's distinct connections: `next` for each result, then `complete`.</summary>
internal sealed class EventStream(SchemaJson json, IOptions<GraphQLOptions> options, TimeProvider time, Outages outages, IHostApplicationLifetime lifetime)
{
    private static readonly byte[] Heartbeat = ":\n\n"u8.ToArray();
    private static readonly byte[] Complete = "event: complete\ndata:\n\n"u8.ToArray();

    /// <summary>Writes until the results end, the client leaves or falls behind, or the server stops; then the results are cancelled.</summary>
    public async Task WriteAsync(HttpContext http, Func<CancellationToken, IAsyncEnumerable<SchemaResponse>> run)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        http.Response.ContentType = $"{MediaTypes.EventStream}; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        // Proxies of the nginx kind hold answers back otherwise.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            // The first sign tells the client that the stream is open before anything happens.
            await SendAsync(http, Heartbeat, ended);
            await WriteAllAsync(http, run(ended.Token), ended);
            await SendAsync(http, Complete, ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // A client that is still there sees an end without `complete` and connects anew, to another node when this one stops.
        }
        catch (Exception failure) when (outages.Of(failure) is not null)
        {
            // The same, and it finds the service away or back.
        }
    }

    private async Task WriteAllAsync(HttpContext http, IAsyncEnumerable<SchemaResponse> responses, CancellationTokenSource ended)
    {
        await using var source = responses.GetAsyncEnumerator(ended.Token);
        using var pulse = new PeriodicTimer(options.Value.Streams.KeepAliveInterval, time);
        var beat = pulse.WaitForNextTickAsync(ended.Token).AsTask();
        var next = source.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                if (await Task.WhenAny(next, beat) == beat)
                {
                    await beat;
                    await SendAsync(http, Heartbeat, ended);
                    beat = pulse.WaitForNextTickAsync(ended.Token).AsTask();
                    continue;
                }
                if (!await next)
                {
                    return;
                }
                await SendAsync(http, Next(source.Current), ended);
                next = source.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // Nothing may be under way when the results are let go.
            if (!next.IsCompleted)
            {
                await ended.CancelAsync();
                await Task.WhenAny(next);
            }
        }
    }

    private ReadOnlyMemory<byte> Next(SchemaResponse response)
    {
        var output = new ArrayBufferWriter<byte>(1 << 10);
        output.Write("event: next\ndata: "u8);
        // JSON on one line: a line break within a text is written as \n.
        json.Write(output, response.Result);
        output.Write("\n\n"u8);
        return output.WrittenMemory;
    }

    private async Task SendAsync(HttpContext http, ReadOnlyMemory<byte> bytes, CancellationTokenSource ended)
    {
        using var slow = new CancellationTokenSource(options.Value.Streams.SendTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, slow.Token);
        try
        {
            await http.Response.Body.WriteAsync(bytes, either.Token);
            await http.Response.Body.FlushAsync(either.Token);
        }
        catch (OperationCanceledException) when (slow.IsCancellationRequested)
        {
            // It does not read what it is sent.
            http.Abort();
            await ended.CancelAsync();
            throw;
        }
    }
}
