using GraphQL;

namespace ImageRepo.GraphQL.Execution;

/// <summary>What the guard counted in a document. Fields and aliases are those of its largest definition, fragments expanded.</summary>
/// <param name="AllFields">The fields of all its definitions.</param>
internal readonly record struct DocumentSize(long Fields, long AllFields, long Aliases, int Directives, int Arguments)
{
    public static DocumentSize operator +(DocumentSize left, DocumentSize right) => new(
        left.Fields + right.Fields, left.AllFields + right.AllFields, left.Aliases + right.Aliases, left.Directives + right.Directives, left.Arguments + right.Arguments);

    /// <summary>HC0047 for what several documents have too much of together; null when they have not.</summary>
    public ExecutionError? Check(GraphQLOptions limits)
    {
        var (what, max) = Fields > limits.MaxFields ? ("fields", limits.MaxFields)
            : AllFields > limits.MaxFieldsOfAll ? ("fields in all their definitions", limits.MaxFieldsOfAll)
            : Aliases > limits.MaxAliases ? ("aliases", limits.MaxAliases)
            : Directives > limits.MaxDirectives ? ("directives", limits.MaxDirectives)
            : Arguments > limits.MaxArguments ? ("arguments", limits.MaxArguments)
            : ("", 0L);
        return what.Length == 0 ? null : new ExecutionError($"The documents of the batch have more {what} than the {max} allowed.") { Code = "HC0047" };
    }
}
