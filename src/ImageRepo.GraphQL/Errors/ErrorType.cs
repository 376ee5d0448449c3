using GraphQL.Types;
using ImageRepo.Domain;

namespace ImageRepo.GraphQL.Errors;

/// <summary>A domain exception as a schema error: XException is XError, and its properties are the fields.</summary>
internal abstract class ErrorType<TException> : ObjectGraphType<TException> where TException : DomainException
{
    protected ErrorType(string description)
    {
        Name = typeof(TException).Name.Replace("Exception", "Error");
        Description = description;
        Interface<ErrorInterfaceType>();
        Field("message", e => e.Message).Description("The problem and the limit, in words for the caller.");
    }
}

/// <summary>The errors that a mutation can end with.</summary>
internal abstract class ErrorUnionType : UnionGraphType
{
    protected ErrorUnionType(string mutation, params Type[] errors)
    {
        Name = $"{mutation}Error";
        Description = $"Why `{char.ToLowerInvariant(mutation[0])}{mutation[1..]}` could not do something.";
        Types = errors;
    }

    public bool Includes(DomainException exception) => PossibleTypes.Any(type => type.IsTypeOf?.Invoke(exception) == true);
}
