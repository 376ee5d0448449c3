using System.Text.Json;
using ImageRepo.GraphQL.Execution;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ImageRepo.GraphQL.Transport;

/// <summary>
/// A request by the GraphQL multipart request specification: `operations`, then `map`, then the files, each handed on as it
/// arrives and never kept.
/// </summary>
internal sealed class MultipartRequest
{
    private const int MaxMapBytes = 64 << 10;
    private const int MaxPathsPerFile = 20;

    /// <summary>What may come beside the file after the map: the part's headers, the closing boundary.</summary>
    private const int Overhead = 64 << 10;

    private readonly MultipartReader _parts;
    private readonly CountedStream _body;
    private readonly long? _length;
    private readonly Dictionary<string, IReadOnlyList<string>> _map;

    private MultipartRequest(MultipartReader parts, CountedStream body, long? length, SchemaRequest request, Dictionary<string, IReadOnlyList<string>> map) =>
        (_parts, _body, _length, Request, _map) = (parts, body, length, request, map);

    public SchemaRequest Request { get; }

    /// <summary>Reads as far as the map.</summary>
    /// <param name="length">Bytes of the whole body; null when its sender does not say.</param>
    /// <exception cref="BadRequestException">HC0033 to HC0044.</exception>
    public static async Task<MultipartRequest> OpenAsync(string? contentType, Stream body, long? length, GraphQLOptions limits, CancellationToken cancellationToken)
    {
        var counted = new CountedStream(body);
        var parts = new MultipartReader(Boundary(contentType), new ClientStream(counted)) { HeadersCountLimit = 16, HeadersLengthLimit = 8 << 10 };
        var operations = await FieldAsync(parts, "operations", limits.MaxJsonBytes, cancellationToken)
            ?? throw new BadRequestException("HC0034", "No 'operations' specified.");
        var request = RequestReader.Read(operations);
        var map = await FieldAsync(parts, "map", MaxMapBytes, cancellationToken)
            ?? throw new BadRequestException("HC0044", "No 'map' specified.");
        return new MultipartRequest(parts, counted, length, request, ReadMap(map, request, limits));
    }

    /// <summary>Whether there is one file alone, and what is still to come must make it larger than this.</summary>
    public bool OnlyFileExceeds(long maxBytes) => _map.Count == 1 && _length - _body.BytesRead - Overhead > maxBytes;

    /// <summary>Puts the same in the place of every file, without reading them.</summary>
    public void FillWith(ReceivedFile file)
    {
        foreach (var path in _map.Values.SelectMany(paths => paths))
        {
            VariablePath.Set(Request.Variables, path, file);
        }
    }

    /// <summary>Hands each file to the receiver and puts what that makes of it in the place that the map names.</summary>
    /// <param name="receiveAsync">Given the file's name and bytes; tells whether the rest of the request is still wanted.</param>
    /// <exception cref="BadRequestException">HC0038: a file that the map names did not arrive.</exception>
    public async Task ReceiveAsync(Func<string?, Stream, Task<(ReceivedFile File, bool WantsMore)>> receiveAsync, CancellationToken cancellationToken)
    {
        var missing = new HashSet<string>(_map.Keys);
        while (missing.Count > 0 && await NextAsync(_parts, cancellationToken) is { } part)
        {
            var (name, fileName) = Disposition(part);
            if (name is null || !missing.Contains(name))
            {
                throw new BadRequestException("HC0033", "The multipart request holds a part that the 'map' does not name.");
            }
            var (file, wantsMore) = await receiveAsync(fileName, new ClientStream(part.Body));
            missing.Remove(name);
            Place(name, file);
            if (!wantsMore)
            {
                foreach (var unread in missing)
                {
                    Place(unread, ReceivedFile.Refused(new FileNotReadException()));
                }
                return;
            }
        }
        if (missing.Count > 0)
        {
            throw new BadRequestException("HC0038", $"File of key '{missing.Order(StringComparer.Ordinal).First()}' is missing.");
        }
    }

    private void Place(string key, ReceivedFile file)
    {
        foreach (var path in _map[key])
        {
            VariablePath.Set(Request.Variables, path, file);
        }
    }

    private static string Boundary(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && HeaderUtilities.RemoveQuotes(type.Boundary) is { HasValue: true, Length: <= 70 } boundary
            ? boundary.Value!
            : throw new BadRequestException("HC0033", "The multipart request has no boundary.");

    /// <summary>The bytes of the next part when it is the field of that name; null when there is no part.</summary>
    private static async Task<byte[]?> FieldAsync(MultipartReader parts, string name, int maxBytes, CancellationToken cancellationToken)
    {
        if (await NextAsync(parts, cancellationToken) is not { } part)
        {
            return null;
        }
        if (Disposition(part).Name != name)
        {
            throw name == "map"
                ? new BadRequestException("HC0035", "Misordered multipart fields; 'map' should follow 'operations'.")
                : new BadRequestException("HC0034", "No 'operations' specified.");
        }
        return await BoundedBody.ReadAsync(new ClientStream(part.Body), maxBytes, $"The '{name}' of the request has more than {maxBytes} bytes.", cancellationToken);
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader parts, CancellationToken cancellationToken)
    {
        try
        {
            return await parts.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception broken) when (broken is InvalidDataException || (broken is IOException and not ClientLeftException))
        {
            throw new BadRequestException("HC0033", "The multipart request is incomplete or can't be read.", inner: broken);
        }
    }

    private static (string? Name, string? FileName) Disposition(MultipartSection part) =>
        ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
            ? (HeaderUtilities.RemoveQuotes(disposition.Name).Value,
               (disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).Value)
            : (null, null);

    private static Dictionary<string, IReadOnlyList<string>> ReadMap(byte[] json, SchemaRequest request, GraphQLOptions limits)
    {
        var map = ParseMap(json) ?? throw new BadRequestException("HC0043", "Invalid JSON in the 'map' multipart field; Expected type of Dictionary<string, string[]>.");
        if (map.Count > limits.MaxFiles)
        {
            throw new BadRequestException("HC0033", $"The request has {map.Count} files; at most {limits.MaxFiles} are allowed.");
        }
        var places = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, paths) in map)
        {
            if (paths is not { Count: > 0 and <= MaxPathsPerFile })
            {
                throw new BadRequestException("HC0037", $"No object paths specified for key '{key}' in 'map'.");
            }
            foreach (var path in paths)
            {
                VariablePath.Check(request.Variables, path);
                // A second file in the same place would hide the first, which then nobody uses and nobody discards.
                if (!places.Add(path))
                {
                    throw new BadRequestException("HC0033", $"The variable path `{path}` is named twice in `map`.");
                }
            }
        }
        return map;
    }

    private static Dictionary<string, IReadOnlyList<string>>? ParseMap(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<string>>>(json);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair in a string.
            return null;
        }
    }
}
