namespace ImageRepo.Testing;

/// <summary>Real photos, shared with the analyzer's own tests; CREDITS.md beside them says whose they are.</summary>
public static class Photos
{
    public static string Giraffe => PathOf("giraffe.jpg");
    public static string Eagle => PathOf("eagle.jpg");

    public static string PathOf(string name) => Existing("ImageRepo.Infrastructure.Tests", "Analysis", name);

    /// <summary>One of test/photos.</summary>
    public static string Labelled(string name) => Existing("photos", name);

    /// <summary>The same picture in other bytes: no two are twins.</summary>
    public static byte[] Variant(string path)
    {
        // A JPEG comment after the start marker; decoders skip it.
        var bytes = File.ReadAllBytes(path);
        return [.. bytes[..2], 0xFF, 0xFE, 0x00, 0x12, .. Guid.NewGuid().ToByteArray(), .. bytes[2..]];
    }

    private static string Existing(params string[] parts)
    {
        var path = Path.Combine([Root(), "test", .. parts]);
        return File.Exists(path) ? path : throw new FileNotFoundException($"There is no photo {path}.");
    }

    internal static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ImageRepo.slnx")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException("The tests run outside the repository.");
    }
}
