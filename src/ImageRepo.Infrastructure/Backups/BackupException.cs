namespace ImageRepo.Infrastructure.Backups;

/// <summary>A backup can't be made or restored. The message says why and what to do, to the operator.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
