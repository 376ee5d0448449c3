using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Testing;

/// <summary>Everything that the app logs, at the levels that its settings let through.</summary>
public sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<Entry> _entries = new();
    private readonly ConcurrentQueue<Entry> _errors = new();
    private readonly ConcurrentBag<string> _expected = [];

    public IEnumerable<Entry> Entries => _entries;

    /// <summary>Errors with this in their category, message or exception are what the test wants.</summary>
    public void Expect(string part) => _expected.Add(part);

    /// <summary>Throws when there are errors that nobody expected since the last call.</summary>
    public void RequireNoUnexpectedErrors()
    {
        var errors = new List<Entry>();
        while (_errors.TryDequeue(out var error))
        {
            if (!_expected.Any(part => error.ToString().Contains(part, StringComparison.Ordinal)))
            {
                errors.Add(error);
            }
        }
        if (errors.Count > 0)
        {
            throw new InvalidOperationException($"The app logged errors that no test expected:\n{string.Join("\n\n", errors)}");
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, this);

    public void Dispose()
    {
    }

    public sealed record Entry(LogLevel Level, string Category, string Message, Exception? Exception)
    {
        public override string ToString() => $"{Level} {Category}: {Message} {Exception}";
    }

    private sealed class Logger(string category, CapturedLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var entry = new Entry(logLevel, category, formatter(state, exception), exception);
            log._entries.Enqueue(entry);
            if (logLevel >= LogLevel.Error)
            {
                log._errors.Enqueue(entry);
            }
        }
    }
}
