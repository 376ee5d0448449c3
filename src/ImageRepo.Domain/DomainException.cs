namespace ImageRepo.Domain;

/// <summary>
/// A rule of the product was broken by what the caller asked for. The message is safe to show to that caller:
/// it names the problem and the limit, and never another owner's data.
/// </summary>
public abstract class DomainException(string message, Exception? inner = null) : Exception(message, inner);
