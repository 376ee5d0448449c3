using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ImageRepo.Domain.Images;

/// <summary>A tag as it is compared and stored: trimmed, lower case, NFC, inner white space one blank.</summary>
public readonly partial record struct TagName
{
    public const int MaxLength = 100;

    private TagName(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="InvalidTagException">Nothing is left of the tag, it is longer than <see cref="MaxLength"/>, or it holds control characters.</exception>
    public static TagName Parse(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new InvalidTagException(value ?? "", "A tag can't be empty.");
        }
        if (!PlainText.IsWellFormed(value) || value.Any(c => char.IsControl(c) && !char.IsWhiteSpace(c)))
        {
            throw new InvalidTagException("", "A tag can't hold control characters or broken Unicode.");
        }
        var name = WhiteSpace().Replace(value.Trim(), " ").ToLower(CultureInfo.InvariantCulture).Normalize(NormalizationForm.FormC);
        return name.Length <= MaxLength
            ? new TagName(name)
            : throw new InvalidTagException(name[..MaxLength], $"The tag is {name.Length} characters long; at most {MaxLength} are allowed.");
    }

    /// <summary>Parses without an exception; false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse(string? value, out TagName name)
    {
        try
        {
            name = Parse(value);
            return true;
        }
        catch (InvalidTagException)
        {
            name = default;
            return false;
        }
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
