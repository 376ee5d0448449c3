namespace ImageRepo.Domain.Imports;

/// <summary>All that can go wrong on the way to a server looks the same, so that nobody learns from it which ports are open.</summary>
public sealed class UnreachableUrlException(Uri url, int? statusCode = null, Exception? inner = null)
    : DomainException(statusCode is { } status ? $"The server answered with status {status} instead of a file." : "No file could be fetched from this address.", inner)
{
    public Uri Url { get; } = url;

    /// <summary>What the server answered; null when it gave no answer.</summary>
    public int? StatusCode { get; } = statusCode;
}

public sealed class ForbiddenUrlException(Uri url, string message, Exception? inner = null) : DomainException(message, inner)
{
    /// <summary>What was asked for, which may have led to the forbidden one.</summary>
    public Uri Url { get; } = url;
}

public sealed class TooManyImportsException(int maxImports)
    : DomainException($"{maxImports} of your imports are under way, and no more are allowed at once. Try again when one of them has ended.");
