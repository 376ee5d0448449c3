using ImageRepo.Domain;

namespace ImageRepo.Infrastructure.Persistence;

/// <summary>
/// The database does not answer, or takes no more connections. Whether what was asked for has happened all the same is not known: an answer
/// may have been lost on its way.
/// </summary>
/// <param name="inner">What went wrong, for the log alone.</param>
public sealed class DatabaseUnavailableException(Exception inner)
    : UnavailableException("The database can't be reached at the moment; try again in a moment.", TimeSpan.FromSeconds(10), inner);
