namespace ImageRepo.Domain.Accounts;

/// <summary>The account was deleted while something was under way for it. Nothing of that is kept.</summary>
public sealed class AccountGoneException() : DomainException("This account was deleted meanwhile, so nothing was kept.");
