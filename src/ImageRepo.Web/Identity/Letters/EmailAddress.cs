using System.Text;
using MimeKit;

namespace ImageRepo.Web.Identity.Letters;

internal static class EmailAddress
{
    /// <summary>One plain address: no name beside it, no list, nothing that a header could be broken with. Whether it exists, the letter shows.</summary>
    public static bool IsValid(string? text) =>
        text is { Length: > 2 and <= AccountLetters.AddressMaxLength } && Ascii.IsValid(text) && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or ',' or ';' or '"')
            && MailboxAddress.TryParse(text, out var parsed) && parsed.Address == text && text.Contains('@', StringComparison.Ordinal);
}
