using ImageRepo.Infrastructure.Accounts;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Infrastructure.Persistence.Configurations;

/// <summary>ASP.NET Core Identity's tables under this product's names.</summary>
internal static class AccountConfigurations
{
    public static void Apply(ModelBuilder builder)
    {
        builder.Entity<User>().Ignore(u => u.OwnerId).ToTable("account");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("account_claim");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("account_login");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("account_token");
        builder.Entity<IdentityUserRole<Guid>>().ToTable("account_role");
        builder.Entity<IdentityUserPasskey<Guid>>().ToTable("account_passkey");
        builder.Entity<IdentityRole<Guid>>().ToTable("role");
        builder.Entity<IdentityRoleClaim<Guid>>().ToTable("role_claim");
        builder.Entity<DataProtectionKey>().ToTable("data_protection_key");
    }
}
