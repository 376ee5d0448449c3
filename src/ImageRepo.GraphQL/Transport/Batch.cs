using ImageRepo.GraphQL.Execution;

namespace ImageRepo.GraphQL.Transport;

/// <summary>Requests that arrived as one array. They may cost together what a single one may.</summary>
internal sealed class Batch(SchemaPipeline pipeline, GraphQLOptions limits)
{
    /// <exception cref="BadRequestException">HC0047: together they are over a limit. Nothing was executed.</exception>
    public async Task CheckAsync(IReadOnlyList<SchemaRequest> requests, CancellationToken cancellationToken)
    {
        requests = [.. requests.Select(pipeline.Resolve)];
        // Told by length first, so that a batch costs no more to parse than one document.
        var length = requests.Sum(r => (long)(r.Document?.Length ?? 0));
        if (length > limits.MaxDocumentBytes)
        {
            throw new BadRequestException("HC0047", $"The documents of the batch have more bytes than the {limits.MaxDocumentBytes} allowed.");
        }
        long fields = 0;
        foreach (var request in requests)
        {
            fields += await pipeline.FieldsAsync(request, cancellationToken);
            if (fields > limits.MaxFields)
            {
                throw new BadRequestException("HC0047", $"The documents of the batch have more fields than the {limits.MaxFields} allowed.");
            }
        }
    }
}
