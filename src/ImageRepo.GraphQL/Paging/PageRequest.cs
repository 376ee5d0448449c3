using GraphQL;

namespace ImageRepo.GraphQL.Paging;

/// <summary>The four arguments of a Relay connection, checked.</summary>
internal sealed record PageRequest
{
    public const int DefaultSize = 30;
    public const int MaxSize = 100;

    public int? First { get; private init; }
    public int? Last { get; private init; }
    public string? After { get; private init; }
    public string? Before { get; private init; }

    /// <summary>From the list's end: `last` without `first`.</summary>
    public bool IsBackward => First is null && Last is not null;
    public int Size => First ?? Last ?? DefaultSize;

    /// <exception cref="ExecutionError">HC0051 or HC0079: more than <see cref="MaxSize"/> or fewer than 0.</exception>
    public static PageRequest From(IResolveFieldContext context) => Create(
        context.GetArgument<int?>("first"), context.GetArgument<string?>("after"),
        context.GetArgument<int?>("last"), context.GetArgument<string?>("before"));

    public static PageRequest Create(int? first, string? after, int? last, string? before) => new()
    {
        First = Checked(first),
        After = after,
        Last = Checked(last),
        Before = before,
    };

    private static int? Checked(int? size) => size switch
    {
        > MaxSize => throw PagingErrors.TooManyItems(size.Value, MaxSize),
        < 0 => throw PagingErrors.NegativeItems(size.Value),
        _ => size,
    };
}
