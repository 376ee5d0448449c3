using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Certificates;
using ImageRepo.Infrastructure.Clients;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ImageRepo.Infrastructure.Persistence.Configurations;

/// <summary>OpenIddict's tables under this product's names. What belongs to an account ends with it, whoever deletes it.</summary>
internal static class ClientConfigurations
{
    /// <summary>The subject of OpenIddict's rows as the account's key, so that the database itself ends them with the account.</summary>
    public const string AccountId = "AccountId";

    public static void Apply(ModelBuilder builder)
    {
        builder.Entity<ClientScope>().ToTable("client_scope");
        builder.Entity<ClientApplication>(application =>
        {
            application.ToTable("client_application");
            application.HasIndex(a => a.OwnerId);
            // The reference to the account is made by the migration: EF can't join an OwnerId to a Guid.
            application.HasMany(a => a.Authorizations).WithOne(a => a.Application).OnDelete(DeleteBehavior.Cascade);
            application.HasMany(a => a.Tokens).WithOne(t => t.Application).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<ClientAuthorization>(authorization =>
        {
            authorization.ToTable("client_authorization");
            authorization.HasMany(a => a.Tokens).WithOne(t => t.Authorization).OnDelete(DeleteBehavior.Cascade);
            EndsWithItsAccount(authorization);
        });
        builder.Entity<ClientToken>(token =>
        {
            token.ToTable("client_token");
            EndsWithItsAccount(token);
        });
    }

    private static void EndsWithItsAccount<T>(EntityTypeBuilder<T> row) where T : class
    {
        row.Property<Guid?>(AccountId).HasComputedColumnSql("subject::uuid", stored: true);
        row.HasOne<User>().WithMany().HasForeignKey(AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class TokenCertificateConfiguration : IEntityTypeConfiguration<TokenCertificateRow>
{
    public void Configure(EntityTypeBuilder<TokenCertificateRow> certificate)
    {
        certificate.ToTable("token_certificate");
        certificate.Property(c => c.Use).HasConversion<string>().HasMaxLength(16);
    }
}
