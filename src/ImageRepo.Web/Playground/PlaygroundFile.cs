using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ImageRepo.Web.Playground;

/// <summary>One file of the playground. Its compressed form is made once and kept: 12 MB of scripts become 3 MB.</summary>
internal sealed class PlaygroundFile
{
    public const string Index = "index.html";

    private static readonly FileExtensionContentTypeProvider ContentTypes = new();
    private static readonly string[] Compressible = [".js", ".css", ".html", ".svg", ".ttf", ".webmanifest", ".txt"];

    private readonly string _path;
    private readonly string _contentType;
    private readonly bool _neverChanges;
    private readonly Lazy<string> _hash;
    private readonly Lazy<byte[]>? _gzip;

    public PlaygroundFile(string path)
    {
        _path = path;
        var extension = Path.GetExtension(path);
        _contentType = ContentTypes.TryGetContentType(path, out var type) ? type : "text/plain";
        if (_contentType.StartsWith("text/", StringComparison.Ordinal))
        {
            _contentType += "; charset=utf-8";
        }
        _neverChanges = HasHashInName(Path.GetFileName(path));
        _hash = new(Hash);
        _gzip = Compressible.Contains(extension) ? new(Compress) : null;
    }

    public IResult Send(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = _neverChanges ? "public, max-age=31536000, immutable" : "no-cache";
        if (_gzip is null)
        {
            return TypedResults.Stream(File.OpenRead(_path), _contentType, entityTag: new($"\"{_hash.Value}\""));
        }
        headers.Vary = HeaderNames.AcceptEncoding;
        if (!AcceptsGzip(http.Request.Headers.AcceptEncoding))
        {
            return TypedResults.Stream(File.OpenRead(_path), _contentType, entityTag: new($"\"{_hash.Value}\""));
        }
        headers.ContentEncoding = "gzip";
        return TypedResults.Bytes(_gzip.Value, _contentType, entityTag: new($"\"{_hash.Value}-gzip\""));
    }

    /// <summary>Whether the bundler named it by its content: main.0349187e.js, 195.e3f91c63.chunk.js.</summary>
    internal static bool HasHashInName(string name) =>
        name.Split('.').Skip(1).Any(part => part.Length is 8 or 20 && part.All(char.IsAsciiHexDigitLower));

    private static bool AcceptsGzip(StringValues accepted) =>
        StringWithQualityHeaderValue.TryParseList(accepted, out var encodings)
        && encodings.Any(e => e.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && e.Quality is not 0);

    private string Hash()
    {
        using var file = File.OpenRead(_path);
        return Convert.ToHexStringLower(SHA256.HashData(file).AsSpan(0, 16));
    }

    private byte[] Compress()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        using (var file = File.OpenRead(_path))
        {
            file.CopyTo(gzip);
        }
        return compressed.ToArray();
    }
}
