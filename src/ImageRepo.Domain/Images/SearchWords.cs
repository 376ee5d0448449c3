using System.Text;

namespace ImageRepo.Domain.Images;

/// <summary>
/// What someone types to find images: words that must all be there, "words in a row" in quotes, and words that must not be there
/// after a minus. A last word that stands alone also matches as a beginning, so that results appear while typing.
/// </summary>
public sealed record SearchWords(IReadOnlyList<SearchTerm> Terms)
{
    public const int MaxLength = 500;
    public const int MaxTerms = 20;

    /// <exception cref="InvalidTextException">Longer than <see cref="MaxLength"/> or more than <see cref="MaxTerms"/> terms.</exception>
    public static SearchWords Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new InvalidTextException("search", MaxLength, $"The search is {text.Length} characters long; at most {MaxLength} are allowed.");
        }
        if (!PlainText.IsWellFormed(text))
        {
            throw new InvalidTextException("search", MaxLength, "The search holds broken Unicode.");
        }
        List<SearchTerm> terms = [];
        var position = 0;
        while (position < text.Length)
        {
            if (char.IsWhiteSpace(text[position]))
            {
                position++;
                continue;
            }
            var isExcluded = text[position] == '-' && position + 1 < text.Length && !char.IsWhiteSpace(text[position + 1]);
            var start = isExcluded ? position + 1 : position;
            var isQuoted = text[start] == '"';
            var end = isQuoted ? EndOfQuote(text, start + 1) : EndOfWord(text, start);
            var words = Split(text[(isQuoted ? start + 1 : start)..end]);
            if (words.Count > 0)
            {
                var isLast = text.AsSpan(end).IsWhiteSpace() && !isQuoted && !isExcluded;
                terms.Add(new SearchTerm(words, isExcluded, IsPrefix: isLast));
            }
            position = isQuoted ? end + 1 : end;
        }
        return terms.Count <= MaxTerms
            ? new SearchWords(terms)
            : throw new InvalidTextException("search", MaxLength, $"The search has {terms.Count} words; at most {MaxTerms} are allowed.");
    }

    private static int EndOfQuote(string text, int from) => text.IndexOf('"', from) is var end and >= 0 ? end : text.Length;

    private static int EndOfWord(string text, int from)
    {
        while (from < text.Length && !char.IsWhiteSpace(text[from]))
        {
            from++;
        }
        return from;
    }

    /// <summary>Letters and digits make words and everything else separates them, as in the index.</summary>
    private static List<string> Split(string text)
    {
        List<string> words = [];
        var word = new StringBuilder();
        foreach (var rune in text.Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(rune);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }
        return words;
    }
}

/// <param name="Words">One word, or several that must stand in a row.</param>
/// <param name="IsPrefix">The last of the words matches as a beginning.</param>
public sealed record SearchTerm(IReadOnlyList<string> Words, bool IsExcluded, bool IsPrefix);
