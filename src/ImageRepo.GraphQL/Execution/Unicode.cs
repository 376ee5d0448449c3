namespace ImageRepo.GraphQL.Execution;

internal static class Unicode
{
    /// <summary>False for text with NUL, which PostgreSQL can't hold, or with half of a surrogate pair, which UTF-8 can't.</summary>
    public static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
            {
                return false;
            }
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }
        return true;
    }
}
