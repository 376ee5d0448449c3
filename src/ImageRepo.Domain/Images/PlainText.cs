using System.Text;

namespace ImageRepo.Domain.Images;

/// <summary>The rule for what owners write: Unicode in NFC, trimmed, without control characters but line breaks and tabs, of a bounded length.</summary>
public static class PlainText
{
    public const int AltTextMaxLength = 2_000;
    public const int DescriptionMaxLength = 10_000;
    public const int FileNameMaxLength = 255;

    /// <summary>The cleaned text, or null when nothing is left of it.</summary>
    /// <exception cref="InvalidTextException">The text is longer than <paramref name="maxLength"/> UTF-16 code units, or holds control characters or lone surrogates.</exception>
    public static string? Clean(string? value, string field, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }
        // Unpaired surrogates make Normalize throw, and NUL is refused by PostgreSQL: both are named before they get there.
        if (!IsWellFormed(value) || value.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
        {
            throw new InvalidTextException(field, maxLength, $"The {field} holds characters that can't be stored (control characters or broken Unicode).");
        }
        var cleaned = value.Normalize(NormalizationForm.FormC).Trim();
        return cleaned.Length <= maxLength
            ? cleaned
            : throw new InvalidTextException(field, maxLength, $"The {field} is {cleaned.Length} characters long; at most {maxLength} are allowed.");
    }

    // A noncharacter, which Normalize refuses as it does a lone surrogate.
    internal const char ByteOrderSwapped = '\ufffe';

    /// <summary>False where there is half of a surrogate pair or the noncharacter U+FFFE.</summary>
    public static bool IsWellFormed(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(value[i]) || value[i] == ByteOrderSwapped)
            {
                return false;
            }
        }
        return true;
    }
}
