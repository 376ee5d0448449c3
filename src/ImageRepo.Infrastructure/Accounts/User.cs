using ImageRepo.Domain.Accounts;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Infrastructure.Accounts;

/// <summary>An account. Its id is the owner of its images.</summary>
public sealed class User : IdentityUser<Guid>
{
    public User() => Id = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when an operator keeps its owner out; null while the account is in use.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    public OwnerId OwnerId => new(Id);
}
