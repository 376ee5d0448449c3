namespace ImageRepo.Web.Commands;

/// <summary>A command can't do what it was told. The message says why, to the person at the command line.</summary>
internal sealed class CommandException(string message) : Exception(message);
