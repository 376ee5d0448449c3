namespace ImageRepo.Infrastructure;

/// <summary>The installation can't run as it is set up. The message names the setting or file and the fix, for the operator; it holds no secret.</summary>
public class SetupException(string message, Exception? inner = null) : Exception(message, inner);
