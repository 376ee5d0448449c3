namespace ImageRepo.GraphQL.Transport;

/// <summary>Reads <c>{"persistedQuery":{"version":1,"sha256Hash":"…"}}</c>, as Apollo's clients write it.</summary>
internal static class PersistedQueryExtension
{
    /// <summary>The hash in lower case; null when the extensions name none.</summary>
    /// <exception cref="BadRequestException">HC0009: of another version, or no SHA-256.</exception>
    public static string? HashOf(IReadOnlyDictionary<string, object?> extensions)
    {
        if (!extensions.TryGetValue("persistedQuery", out var value) || value is null)
        {
            return null;
        }
        if (value is not IReadOnlyDictionary<string, object?> persisted || !persisted.TryGetValue("version", out var version) || version is not 1)
        {
            throw new BadRequestException("HC0009", "The extension `persistedQuery` must be an object with `version` 1.");
        }
        return persisted.TryGetValue("sha256Hash", out var hash) && hash is string { Length: 64 } text && text.All(char.IsAsciiHexDigit)
            ? text.ToLowerInvariant()
            : throw new BadRequestException("HC0009", "The extension `persistedQuery` needs a `sha256Hash` of 64 hexadecimal digits.");
    }
}
