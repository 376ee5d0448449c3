namespace ImageRepo.GraphQL.Execution;

/// <summary>What connections that stay open may hold. Section <c>GraphQL:Streams</c>.</summary>
internal sealed class StreamOptions
{
    /// <summary>WebSockets and event streams that one user has open on this node. 50 unless set.</summary>
    public int MaxPerUser { get; set; } = 50;

    /// <summary>The same for everybody at one address who has not signed in, or not yet. 200 unless set.</summary>
    public int MaxPerAddress { get; set; } = 200;

    /// <summary>Operations at once on one WebSocket. 20 unless set.</summary>
    public int MaxOperations { get; set; } = 20;

    /// <summary>Bytes of a message from a client. 64 KiB unless set.</summary>
    public int MaxMessageBytes { get; set; } = 64 << 10;

    /// <summary>How long a new WebSocket may take to say who it is. 10 s unless set.</summary>
    public TimeSpan InitTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a sign of life is sent: a ping, or a comment in an event stream. 15 s unless set.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client may take to accept what is sent to it before it is let go. 30 s unless set.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What is wrong with the values; null when nothing is.</summary>
    public string? Problem() =>
        MaxPerUser < 1 ? "GraphQL:Streams:MaxPerUser must be greater than 0."
        : MaxPerAddress < 1 ? "GraphQL:Streams:MaxPerAddress must be greater than 0."
        : MaxOperations < 1 ? "GraphQL:Streams:MaxOperations must be greater than 0."
        : MaxMessageBytes < 1 ? "GraphQL:Streams:MaxMessageBytes must be greater than 0."
        : new[] { InitTimeout, KeepAliveInterval, SendTimeout }.Any(t => t <= TimeSpan.Zero || t > TimeSpan.FromDays(1))
            ? "The times of GraphQL:Streams must be greater than 0 and at most a day."
            : null;
}
