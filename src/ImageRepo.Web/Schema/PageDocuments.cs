using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace ImageRepo.Web.Schema;

/// <summary>The .graphql documents below Pages, as they were built in. A line <c>#import "Shared/_Card"</c> stands for another document, of fragments.</summary>
internal static partial class PageDocuments
{
    private static readonly ConcurrentDictionary<string, string> Cache = new(StringComparer.Ordinal);

    public static string Read(string name) => Cache.GetOrAdd(name, static name =>
    {
        using var stream = typeof(PageDocuments).Assembly.GetManifestResourceStream($"{name}.graphql")
            ?? throw new InvalidOperationException($"There is no document Pages/{name}.graphql.");
        using var reader = new StreamReader(stream);
        return Import().Replace(reader.ReadToEnd(), static import => Read(import.Groups[1].Value));
    });

    [GeneratedRegex("""^#import "([^"]+)"$""", RegexOptions.Multiline)]
    private static partial Regex Import();
}
