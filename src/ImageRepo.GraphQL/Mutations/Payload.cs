using GraphQL.Types;
using ImageRepo.Domain;
using ImageRepo.GraphQL.Errors;

namespace ImageRepo.GraphQL.Mutations;

/// <summary>What a mutation returns: what was done, and why the rest was not.</summary>
internal abstract record Payload
{
    /// <summary>Null when there were none, never empty.</summary>
    public IReadOnlyList<DomainException>? Errors { get; init; }

    public static IReadOnlyList<DomainException>? AllOf(params IEnumerable<IEnumerable<DomainException>> errors) =>
        errors.SelectMany(e => e).ToList() is { Count: > 0 } all ? all : null;
}

internal abstract class PayloadType<TPayload, TError> : ObjectGraphType<TPayload> where TPayload : Payload where TError : ErrorUnionType
{
    protected PayloadType(string mutation)
    {
        Name = $"{mutation}Payload";
        Description = $"What `{char.ToLowerInvariant(mutation[0])}{mutation[1..]}` did.";
    }

    /// <summary>Called last, so that the errors stand below what was done.</summary>
    protected void Errors() =>
        Field<ListGraphType<NonNullGraphType<TError>>>(MutationResolver.ErrorsField).Description("What was not done and why; null when all was done.").Resolve(p => p.Source.Errors);
}
