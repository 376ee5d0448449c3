namespace ImageRepo.Domain.Accounts;

/// <summary>The account that owns images; the id of the signed-in user.</summary>
public readonly record struct OwnerId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
