namespace ImageRepo.Domain.Storage;

/// <summary>
/// The store does not answer, or refuses to work for this installation. Whether what was asked for has happened all the same is not known:
/// an answer may have been lost on its way.
/// </summary>
/// <param name="inner">What went wrong, for the log alone.</param>
public sealed class StorageUnavailableException(Exception inner)
    : UnavailableException("The store of images can't be reached at the moment; try again in a moment.", TimeSpan.FromSeconds(10), inner);
