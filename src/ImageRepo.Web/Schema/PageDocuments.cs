using System.Collections.Concurrent;

namespace ImageRepo.Web.Schema;

/// <summary>The .graphql documents below Pages, as they were built in.</summary>
internal static class PageDocuments
{
    private static readonly ConcurrentDictionary<string, string> Cache = new(StringComparer.Ordinal);

    public static string Read(string name) => Cache.GetOrAdd(name, static name =>
    {
        using var stream = typeof(PageDocuments).Assembly.GetManifestResourceStream($"{name}.graphql")
            ?? throw new InvalidOperationException($"There is no document Pages/{name}.graphql.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });
}
