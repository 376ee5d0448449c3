namespace ImageRepo.Domain;

/// <summary>Nothing is wrong with what was asked for, but it can't be done now. Ask again after <see cref="RetryAfter"/>.</summary>
public abstract class UnavailableException(string message, TimeSpan retryAfter, Exception? inner = null) : DomainException(message, inner)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
