using NetVips;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>Sets libvips up, once a process, before anyone uses it.</summary>
internal static class Vips
{
    private static readonly string[] AllowedLoaders =
    [
        "VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadHeif", "VipsForeignLoadNsgif", "VipsForeignLoadTiff",
    ];

    private static readonly Lazy<bool> Ready = new(Initialize);

    /// <exception cref="InvalidOperationException">The native library is missing on this platform.</exception>
    public static void EnsureReady() => _ = Ready.Value;

    private static bool Initialize()
    {
        // Touching any member runs the package's module initializer, which only records that the library failed to load.
        if (!ModuleInitializer.VipsInitialized)
        {
            throw new InvalidOperationException("libvips could not be loaded; the package NetVips.Native carries it for Linux, macOS and Windows.", ModuleInitializer.Exception);
        }

        // Its warnings are about what uploaders sent; what matters of them comes as exceptions.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { });
        // Every picture is read once: a cache of operations would only hold memory (measured: 722 MB against 196 on a progressive JPEG).
        Cache.Max = 0;
        Cache.MaxMem = 0;
        Cache.MaxFiles = 0;
        // The gate runs one picture a core; threads within a picture would fight with it for the same cores.
        NetVips.NetVips.Concurrency = 1;
        // With one thread lines are read in order, and fewer need to be kept for those that come late (measured on photos of 24 megapixels: 15 MB less each).
        _ = VipsOptions.TrySet("--vips-tile-height=32");

        // Loaders that nobody has fuzzed stay shut, and of the rest only those of the formats that we take are open.
        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in AllowedLoaders)
        {
            Operation.Block(loader, false);
        }
        return true;
    }
}
