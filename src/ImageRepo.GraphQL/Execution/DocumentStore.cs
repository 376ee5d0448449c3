using System.Text;
using GraphQL;
using GraphQL.Execution;
using GraphQL.Types;
using GraphQL.Validation;
using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ImageRepo.GraphQL.Execution;

/// <summary>A document that was parsed, and validated without an error; or the errors.</summary>
internal sealed record PreparedDocument(GraphQLDocument? Document, ExecutionErrors? Errors, DocumentSize Size = default);

/// <summary>Parses, measures and validates documents, and remembers the good ones.</summary>
internal sealed class DocumentStore(ISchema schema, IOptions<GraphQLOptions> options) : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    /// <summary>About what a parsed document holds in memory for each character of its text: a node of the tree for every few of them.</summary>
    private const int BytesPerCharacter = 40;

    private readonly MemoryCache _documents = new(new MemoryCacheOptions { SizeLimit = options.Value.DocumentCacheBytes });
    private readonly DocumentGuard _guard = new(options.Value);
    private readonly DocumentValidator _validator = new();

    /// <summary>What the guard counts in a document, valid or not; nothing in one that it refuses.</summary>
    public DocumentSize Measure(string text)
    {
        if (_documents.TryGetValue(text, out PreparedDocument? known))
        {
            return known!.Size;
        }
        try
        {
            return _guard.Check(Parse(text));
        }
        catch (ExecutionError)
        {
            // It costs nothing more, and its answer says why.
            return default;
        }
    }

    public async Task<PreparedDocument> PrepareAsync(string text, CancellationToken cancellationToken)
    {
        if (_documents.TryGetValue(text, out PreparedDocument? known))
        {
            return known!;
        }
        GraphQLDocument document;
        DocumentSize size;
        try
        {
            document = Parse(text);
            size = _guard.Check(document);
        }
        catch (ExecutionError refused)
        {
            return new PreparedDocument(null, [refused]);
        }
        var result = await ValidateAsync(document, cancellationToken);
        if (!result.IsValid)
        {
            return new PreparedDocument(null, result.Errors);
        }
        var prepared = new PreparedDocument(document, null, size);
        _documents.Set(text, prepared, new MemoryCacheEntryOptions { Size = text.Length * BytesPerCharacter, SlidingExpiration = TimeSpan.FromHours(1) });
        return prepared;
    }

    public void Dispose() => _documents.Dispose();

    private GraphQLDocument Parse(string text)
    {
        var max = options.Value.MaxDocumentBytes;
        if (text.Length > max || Utf8.GetByteCount(text) > max)
        {
            throw new ExecutionError($"The document has more bytes than the {max} allowed.") { Code = "HC0047" };
        }
        try
        {
            return Parser.Parse(text, new ParserOptions { Ignore = IgnoreOptions.Comments });
        }
        catch (GraphQLSyntaxErrorException syntax)
        {
            throw new SyntaxError(syntax);
        }
        catch (GraphQLMaxDepthExceededException)
        {
            throw new ExecutionError($"The document has more levels than the {options.Value.MaxDepth} allowed.") { Code = "HC0047" };
        }
    }

    /// <summary>The document's own rules, whatever operation and variables it is executed with.</summary>
    private async Task<IValidationResult> ValidateAsync(GraphQLDocument document, CancellationToken cancellationToken) => await _validator.ValidateAsync(new ValidationOptions
    {
        Schema = schema,
        Document = document,
        Rules = DocumentValidator.CoreRules,
        Operation = null!,
        UserContext = new Dictionary<string, object?>(),
        Variables = Inputs.Empty,
        Extensions = Inputs.Empty,
        Metrics = global::GraphQL.Instrumentation.Metrics.None,
        CancellationToken = cancellationToken,
    });
}
