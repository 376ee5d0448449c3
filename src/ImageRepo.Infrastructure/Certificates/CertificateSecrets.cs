using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Certificates;

/// <summary>The certificates for tokens in the database.</summary>
internal sealed class CertificateSecrets(MasterKeyRing keys, IServiceScopeFactory scopes) : ISealedSecrets
{
    public string Name => "certificates for tokens";

    public async Task<long> ResealAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        var resealed = 0L;
        foreach (var row in await db.Set<TokenCertificateRow>().ToListAsync(cancellationToken))
        {
            if (keys.Reseal(TokenCertificate.Purpose, row.Sealed, TokenCertificate.Context(row.Id, row.Use)) is { } box)
            {
                row.Sealed = box;
                resealed++;
            }
        }
        await db.SaveChangesAsync(cancellationToken);
        return resealed;
    }
}
