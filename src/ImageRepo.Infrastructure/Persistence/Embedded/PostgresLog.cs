using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>What the server writes to its standard error, with English messages.</summary>
/// <param name="logger">Null for a short command, whose words only its caller needs.</param>
internal sealed class PostgresLog(ILogger? logger)
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LogLevel _level = LogLevel.Debug;

    /// <summary>Completes when the server takes connections.</summary>
    public Task Ready => _ready.Task;

    /// <summary>The last lines, as one.</summary>
    public string Tail => string.Join(" | ", _lines.TakeLast(5).Select(l => l.Trim()));

    /// <summary>While it starts and stops, dropped connections are no news.</summary>
    public bool IsQuiet { get; set; } = true;

    public bool Mentions(string words) => _lines.Any(l => l.Contains(words, StringComparison.Ordinal));

    public void Add(string line)
    {
        _lines.Enqueue(line);
        if (_lines.Count > 50)
        {
            _lines.TryDequeue(out _);
        }
        if (line.Contains("database system is ready to accept connections", StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
        // An ERROR reaches the client as an exception; DETAIL and HINT lines have no level and follow their message.
        _level = line.Split(':')[0] switch
        {
            "PANIC" => LogLevel.Critical,
            "FATAL" or "WARNING" => LogLevel.Warning,
            "LOG" or "ERROR" => LogLevel.Debug,
            _ => _level,
        };
        logger?.Log(IsQuiet && _level < LogLevel.Critical ? LogLevel.Debug : _level, "PostgreSQL: {Line}", line);
    }
}
