using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ImageRepo.GraphQL.Execution;

/// <summary>
/// Documents that clients name by their hash instead of sending them: the first request brings document and hash, later ones the
/// hash alone. Each node remembers what it has seen as long as there is room; a client that is told so sends the document again.
/// </summary>
internal sealed class PersistedOperations(IOptions<GraphQLOptions> options) : IDisposable
{
    private const int HashLength = 64;

    private readonly MemoryCache _documents = new(new MemoryCacheOptions { SizeLimit = options.Value.PersistedOperationBytes });

    /// <summary>The request with its document.</summary>
    public (SchemaRequest Request, SchemaResponse? Refused) Resolve(SchemaRequest request)
    {
        if (request.DocumentHash is not { } hash)
        {
            return (request, null);
        }
        if (string.IsNullOrEmpty(request.Document))
        {
            return _documents.TryGetValue(hash, out string? known)
                ? (request with { Document = known }, null)
                : (request, SchemaResponse.Refused("PersistedQueryNotFound", "HC0020"));
        }
        return IsHashOf(hash, request.Document)
            ? (request, null)
            : (request, SchemaResponse.Refused("The provided sha256Hash does not match the query.", "HC0009"));
    }

    /// <summary>Remembers the document of a request that was found good.</summary>
    public void Keep(SchemaRequest request)
    {
        if (request is { DocumentHash: { } hash, Document: { } document } && !_documents.TryGetValue(hash, out _))
        {
            _documents.Set(hash, document, new MemoryCacheEntryOptions { Size = document.Length + HashLength });
        }
    }

    public void Dispose() => _documents.Dispose();

    /// <summary>A document over the limit is refused for its length, and not hashed before.</summary>
    private bool IsHashOf(string hash, string document) => document.Length > options.Value.MaxDocumentBytes
        || string.Equals(hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document))), StringComparison.Ordinal);
}
