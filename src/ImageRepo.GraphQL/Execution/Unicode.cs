using ImageRepo.Domain.Images;

namespace ImageRepo.GraphQL.Execution;

internal static class Unicode
{
    /// <summary>False for text with NUL, which PostgreSQL can't hold, and for what is not well-formed, which can't be normalised.</summary>
    public static bool IsStorable(string text) => !text.Contains('\0') && PlainText.IsWellFormed(text);
}
