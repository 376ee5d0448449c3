using GraphQL;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Execution;
using Microsoft.Extensions.Options;

namespace ImageRepo.GraphQL.Transport;

/// <summary>Requests that arrived as one array. They may cost together what a single one may.</summary>
internal sealed class Batch(Preparation requests, CostMeter costs, IOptions<GraphQLOptions> options)
{
    /// <summary>HC0047 when the requests are over a limit together, of which nothing is executed then; null when they are not.</summary>
    public async Task<SchemaResponse?> RefuseAsync(IReadOnlyList<SchemaRequest> batch, CancellationToken cancellationToken)
    {
        var limits = options.Value;
        // Told by length first and then by what the guard counts, so that a batch costs no more to parse and to validate than one document.
        var length = batch.Sum(r => (long)(requests.DocumentOf(r)?.Length ?? 0));
        if (length > limits.MaxDocumentBytes)
        {
            return Refused(new ExecutionError($"The documents of the batch have more bytes than the {limits.MaxDocumentBytes} allowed.") { Code = "HC0047" });
        }
        if (batch.Aggregate(default(DocumentSize), (sum, r) => sum + requests.Measure(r)).Check(limits) is { } tooLarge)
        {
            return Refused(tooLarge);
        }
        var sum = default(Cost);
        foreach (var request in batch)
        {
            sum += (await requests.PrepareAsync(request, cancellationToken)).Cost;
        }
        // What only asks for its cost is not executed.
        return batch.All(r => r.CostReport is CostReport.InsteadOfResult) ? null : costs.Check(sum) is { } tooMuch ? Refused(tooMuch) : null;
    }

    private static SchemaResponse Refused(ExecutionError error) => new(new ExecutionResult { Errors = [error] }, Refusal.BadRequest);
}
