using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ImageRepo.GraphQL.Tests.Hosting;

/// <summary>Keeps what is logged, so that tests can see that nothing went wrong unseen and nothing private was told.</summary>
public sealed class LogRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _entries = new();

    public IReadOnlyList<string> Errors => [.. _entries.Where(e => e.Level >= LogLevel.Error).Select(e => e.Text)];

    /// <summary>What the database was asked.</summary>
    public IReadOnlyList<string> Statements => [.. Everything.Where(e => e.Contains(": Executed DbCommand", StringComparison.Ordinal))];

    public IReadOnlyList<string> Warnings => [.. _entries.Where(e => e.Level == LogLevel.Warning).Select(e => e.Text)];

    public IReadOnlyList<string> Everything => [.. _entries.Select(e => e.Text)];

    public void Clear() => _entries.Clear();

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Recorder(LogRecorder log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log._entries.Enqueue((logLevel, $"{category}: {formatter(state, exception)} {exception}"));
    }
}
