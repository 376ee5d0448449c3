using System.Text;

namespace ImageRepo.Domain.Images;

/// <summary>
/// The name that the owner's file had; shown, searched and offered at download, never used as a path.
/// What arrives with an upload is cleaned, what the owner types is checked.
/// </summary>
public static class ImageFileName
{
    private const string Fallback = "image";

    /// <summary>The last path segment of what a client sent, without control characters, cut to the longest name allowed; "image" when nothing is left.</summary>
    public static string FromUpload(string? sent)
    {
        var segment = (sent ?? "").Split('/', '\\')[^1];
        var kept = new StringBuilder(segment.Length);
        foreach (var rune in segment.EnumerateRunes())
        {
            // EnumerateRunes turns a lone surrogate into U+FFFD; format characters would let a name show reversed ("gpj.exe").
            if (rune.Value is not (0xFFFD or PlainText.ByteOrderSwapped) && Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format))
            {
                kept.Append(rune.ToString());
            }
        }
        var name = kept.ToString().Normalize(NormalizationForm.FormC).Trim();
        if (name.Length > PlainText.FileNameMaxLength)
        {
            name = Shorten(name);
        }
        return name.Trim('.', ' ').Length == 0 ? Fallback : name;
    }

    /// <exception cref="InvalidTextException">The name is empty, too long or holds characters that no file name can have.</exception>
    public static string Parse(string? typed)
    {
        var name = PlainText.Clean(typed, "fileName", PlainText.FileNameMaxLength)
            ?? throw new InvalidTextException("fileName", PlainText.FileNameMaxLength, "The fileName can't be empty.");
        return name.IndexOfAny(['/', '\\', '\n', '\r', '\t']) < 0
            ? name
            : throw new InvalidTextException("fileName", PlainText.FileNameMaxLength, "The fileName can't hold slashes or line breaks.");
    }

    private static string Shorten(string name)
    {
        var extension = Path.GetExtension(name) is { Length: <= 10 } short_ ? short_ : "";
        var end = PlainText.FileNameMaxLength - extension.Length;
        if (char.IsHighSurrogate(name[end - 1]))
        {
            end--;
        }
        return name[..end] + extension;
    }
}
