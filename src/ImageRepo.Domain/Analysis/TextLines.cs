using ImageRepo.Domain.Images;

namespace ImageRepo.Domain.Analysis;

/// <summary>The rule for text that machines read: lines that can be stored, of a bounded length in all.</summary>
public static class TextLines
{
    /// <summary>UTF-16 code units of all lines together, with a break after each but the last.</summary>
    public const int MaxLength = 20_000;

    /// <summary>The first lines, as many as there is room for; control characters as spaces, and without those that are empty or hold broken Unicode.</summary>
    public static IReadOnlyList<TextLine> Storable(IEnumerable<TextLine> lines)
    {
        var kept = new List<TextLine>();
        var length = 0;
        foreach (var line in lines)
        {
            if (!PlainText.IsWellFormed(line.Text))
            {
                continue;
            }
            var text = string.Concat(line.Text.Normalize().Select(c => char.IsControl(c) ? ' ' : c)).Trim();
            if (text.Length > 0)
            {
                length += text.Length + 1;
                if (length > MaxLength + 1)
                {
                    break;
                }
                kept.Add(line with { Text = text });
            }
        }
        return kept;
    }
}
