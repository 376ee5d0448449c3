namespace ImageRepo.GraphQL.Execution;

/// <summary>What a request may cost. Section <c>GraphQL</c>.</summary>
internal sealed class GraphQLOptions
{
    /// <summary>UTF-8 bytes of a document. 64 KiB unless set.</summary>
    public int MaxDocumentBytes { get; set; } = 64 << 10;

    /// <summary>Selection sets within one another, fragments expanded. 25 unless set: the introspection of common tools needs 15.</summary>
    public int MaxDepth { get; set; } = 25;

    /// <summary>Fields of an operation, fragments expanded. 1,000 unless set.</summary>
    public int MaxFields { get; set; } = 1_000;

    /// <summary>Fields of all definitions of a document: each is validated on its own, and what a fragment holds counts again where it is spread.</summary>
    public long MaxFieldsOfAll => 3L * MaxFields;

    /// <summary>Aliases of an operation, fragments expanded. 200 unless set.</summary>
    public int MaxAliases { get; set; } = 200;

    /// <summary>Directives in a document. 100 unless set.</summary>
    public int MaxDirectives { get; set; } = 100;

    /// <summary>Arguments, variables, fields of input objects and items of lists written in a document. 1,000 unless set.</summary>
    public int MaxArguments { get; set; } = 1_000;

    /// <summary>The same name among siblings, such as one field selected again and again. 20 unless set.</summary>
    public int MaxRepetitions { get; set; } = 20;

    /// <summary>Bytes of a request's JSON. 1 MiB unless set.</summary>
    public int MaxJsonBytes { get; set; } = 1 << 20;

    /// <summary>Files in one multipart request. 20 unless set.</summary>
    public int MaxFiles { get; set; } = 20;

    /// <summary>Requests in one batch, the limits of a single one apply to all together. 10 unless set.</summary>
    public int MaxBatch { get; set; } = 10;

    /// <summary>What connections that stay open may hold.</summary>
    public StreamOptions Streams { get; } = new();

    /// <summary>Bytes of the documents that are kept parsed and validated. 16 MiB of text unless set.</summary>
    public long DocumentCacheBytes { get; set; } = 16 << 20;

    /// <summary>Characters of the documents that clients name by their hash. 4 MiB unless set.</summary>
    public long PersistedOperationBytes { get; set; } = 4 << 20;

    /// <summary>What the fields of an operation may cost, as `@cost` weighs them, as often as the lists around them are long. 1,000 unless set, as Hot Chocolate has it.</summary>
    public int MaxFieldCost { get; set; } = 1_000;

    /// <summary>
    /// Objects that an operation may return, were every list as long as it may be. 10,000 unless set: Hot Chocolate's 1,000 takes the
    /// lists without paging, such as an image's tags, for one object each, and here they count as long as `@listSize` says.
    /// </summary>
    public int MaxTypeCost { get; set; } = 10_000;

    /// <summary>Whether the schema may be asked for. True unless set.</summary>
    public bool Introspection { get; set; } = true;

    /// <summary>What is wrong with the values; null when nothing is.</summary>
    public string? Problem() =>
        new (string Name, long Value)[]
        {
            (nameof(MaxDocumentBytes), MaxDocumentBytes), (nameof(MaxDepth), MaxDepth), (nameof(MaxFields), MaxFields), (nameof(MaxAliases), MaxAliases),
            (nameof(MaxDirectives), MaxDirectives), (nameof(MaxArguments), MaxArguments), (nameof(MaxRepetitions), MaxRepetitions),
            (nameof(PersistedOperationBytes), PersistedOperationBytes), (nameof(MaxFieldCost), MaxFieldCost), (nameof(MaxTypeCost), MaxTypeCost),
            (nameof(MaxJsonBytes), MaxJsonBytes), (nameof(MaxFiles), MaxFiles), (nameof(MaxBatch), MaxBatch), (nameof(DocumentCacheBytes), DocumentCacheBytes),
        }.Where(limit => limit.Value < 1).Select(limit => $"GraphQL:{limit.Name} must be greater than 0.").FirstOrDefault() ?? Streams.Problem();
}
