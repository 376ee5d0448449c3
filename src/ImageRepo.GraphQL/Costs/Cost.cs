namespace ImageRepo.GraphQL.Costs;

/// <param name="Field">The weights of fields, of arguments and of what is written in them.</param>
/// <param name="Type">The number of objects, the operation's own root among them.</param>
internal readonly record struct Cost(double Field, double Type)
{
    public static Cost operator +(Cost left, Cost right) => new(left.Field + right.Field, left.Type + right.Type);

    public static Cost Larger(Cost left, Cost right) => new(Math.Max(left.Field, right.Field), Math.Max(left.Type, right.Type));

    /// <summary>As `extensions.operationCost` shows it.</summary>
    public Dictionary<string, object?> ToExtensions() => new()
    {
        ["operationCost"] = new Dictionary<string, object?> { ["fieldCost"] = Field, ["typeCost"] = Type },
    };
}

/// <summary>What a client wants to know of an operation's cost, by the header `GraphQL-Cost`.</summary>
internal enum CostReport
{
    None,

    /// <summary>`report`: beside the result.</summary>
    WithResult,

    /// <summary>`validate`: instead of the result. Nothing is executed, and no limit applies.</summary>
    InsteadOfResult,
}
