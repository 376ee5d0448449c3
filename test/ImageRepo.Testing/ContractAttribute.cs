namespace ImageRepo.Testing;

/// <summary>Names the rows of docs/contract.md that a test shows.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContractAttribute(params string[] rows) : Attribute
{
    public IReadOnlyList<string> Rows { get; } = rows;
}
