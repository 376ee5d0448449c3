namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>
/// The private PostgreSQL server cannot run. The message is one line for the person who starts the app: what is wrong and what to do.
/// </summary>
public sealed class EmbeddedPostgresException(string message, Exception? inner = null) : SetupException(message, inner);
