using ImageRepo.Domain.Accounts;
using OpenIddict.EntityFrameworkCore.Models;

namespace ImageRepo.Infrastructure.Clients;

/// <summary>An application that asks for tokens.</summary>
public sealed class ClientApplication : OpenIddictEntityFrameworkCoreApplication<Guid, ClientAuthorization, ClientToken>
{
    public ClientApplication() => Id = Guid.CreateVersion7();

    /// <summary>The account that registered it; null for the product's own. It ends with the account.</summary>
    public OwnerId? OwnerId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>What an account has allowed an application, or itself for its own scripts.</summary>
public sealed class ClientAuthorization : OpenIddictEntityFrameworkCoreAuthorization<Guid, ClientApplication, ClientToken>
{
    public ClientAuthorization() => Id = Guid.CreateVersion7();
}

/// <summary>One token or code, of those that have not been pruned.</summary>
public sealed class ClientToken : OpenIddictEntityFrameworkCoreToken<Guid, ClientApplication, ClientAuthorization>
{
    public ClientToken() => Id = Guid.CreateVersion7();
}

/// <summary>OpenIddict wants a type for scopes; the product's are fixed, so its table stays empty.</summary>
public sealed class ClientScope : OpenIddictEntityFrameworkCoreScope<Guid>;
