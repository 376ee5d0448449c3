namespace ImageRepo.Domain.Accounts;

/// <summary>Sends letters to people, where the operator has set up a way to.</summary>
public interface IEmailSender
{
    /// <summary>False when no way is set up; pages then say so instead of offering what needs a letter.</summary>
    bool IsAvailable { get; }

    /// <summary>
    /// Takes a letter to be sent in a moment. Returns at once, so that the answer's time doesn't tell whether there was somebody to write to.
    /// A letter that can't be delivered is dropped after a few tries, and one that waits is lost with the process: people ask again.
    /// </summary>
    /// <returns>False when too many wait already.</returns>
    bool TrySend(Email email);
}

/// <param name="To">The address of one person.</param>
/// <param name="Text">Plain text.</param>
public sealed record Email(string To, string Subject, string Text);
