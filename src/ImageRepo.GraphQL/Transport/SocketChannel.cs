using System.Buffers;
using System.Net.WebSockets;
using ImageRepo.GraphQL.Execution;

namespace ImageRepo.GraphQL.Transport;

/// <summary>
/// A WebSocket that takes whole messages of bounded length and holds none back: whoever sends waits for the client, and a client that
/// does not read is let go.
/// </summary>
internal sealed class SocketChannel(WebSocket socket, StreamOptions limits, TimeProvider time)
{
    /// <summary>How long a client may take to answer that the socket is closed.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _gone = new();
    private SocketClose? _closed;

    /// <summary>Set once the socket is closed from this side; what still arrives is no longer of interest.</summary>
    public bool IsClosing => _closed is not null;

    /// <summary>The next message, given to the reader as long as it runs; false when there will be none.</summary>
    /// <param name="cancellationToken">Ends the socket without a farewell.</param>
    public async Task<bool> ReceiveAsync(Func<ReadOnlyMemory<byte>, Task> readAsync, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _gone.Token);
        try
        {
            // An idle client holds no buffer: nothing is rented before something arrives.
            var first = await socket.ReceiveAsync(Memory<byte>.Empty, ended.Token);
            if (first.MessageType == WebSocketMessageType.Close)
            {
                return false;
            }
            var buffer = ArrayPool<byte>.Shared.Rent(4 << 10);
            try
            {
                var (length, isText) = (0, first.MessageType == WebSocketMessageType.Text);
                for (var isWhole = first.EndOfMessage; !isWhole;)
                {
                    if (length == buffer.Length)
                    {
                        Grow(ref buffer);
                    }
                    var part = await socket.ReceiveAsync(buffer.AsMemory(length), ended.Token);
                    if (part.MessageType == WebSocketMessageType.Close)
                    {
                        return false;
                    }
                    length += part.Count;
                    isWhole = part.EndOfMessage;
                    if (length > limits.MaxMessageBytes)
                    {
                        await CloseAsync(SocketClose.TooBig);
                        length = 0;
                    }
                }
                if (!IsClosing)
                {
                    await (isText ? readAsync(buffer.AsMemory(0, length)) : CloseAsync(SocketClose.Invalid("Invalid message received")));
                }
                return true;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        catch (WebSocketException)
        {
            // Malformed frames, or a client that left without a word: there is nobody to tell.
            return false;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Sends a message, after those of others. What is sent to a client that left is lost.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        InTurnAsync(token => IsClosing ? Task.CompletedTask : socket.SendAsync(message, WebSocketMessageType.Text, true, token).AsTask(), cancellationToken);

    /// <summary>Closes from this side. The first reason counts.</summary>
    public async Task CloseAsync(SocketClose close)
    {
        if (Interlocked.CompareExchange(ref _closed, close, null) is not null)
        {
            return;
        }
        await InTurnAsync(
            token => socket.State is WebSocketState.Open or WebSocketState.CloseReceived ? socket.CloseOutputAsync((WebSocketCloseStatus)close.Code, close.Reason, token) : Task.CompletedTask,
            CancellationToken.None);
        _gone.CancelAfter(Farewell);
    }

    /// <summary>Answers a client that closed.</summary>
    public Task AnswerCloseAsync() => CloseAsync(new SocketClose((int)WebSocketCloseStatus.NormalClosure, ""));

    /// <param name="cancellationToken">Ends the wait for the turn; a message that has begun is sent whole.</param>
    private async Task InTurnAsync(Func<CancellationToken, Task> sendAsync, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            using var slow = new CancellationTokenSource(limits.SendTimeout, time);
            // When the time is over, this aborts the socket, and with it all that waits.
            await sendAsync(slow.Token);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            socket.Abort();
        }
        finally
        {
            _turn.Release();
        }
    }

    private static void Grow(ref byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
