using ImageRepo.Domain.Images;

namespace ImageRepo.GraphQL.Transport;

internal static class UnusedFiles
{
    /// <summary>Discards every staged file among the variables that no mutation took over.</summary>
    public static async Task DiscardUnusedAsync(this ImageUploader uploader, Dictionary<string, object?> variables)
    {
        foreach (var file in Files(variables).Distinct())
        {
            if (file.Unused is { } staged)
            {
                await uploader.DiscardAsync(staged);
            }
        }
    }

    private static IEnumerable<ReceivedFile> Files(object? value) => value switch
    {
        ReceivedFile file => [file],
        IDictionary<string, object?> fields => fields.Values.SelectMany(Files),
        IEnumerable<object?> items => items.SelectMany(Files),
        _ => [],
    };
}
