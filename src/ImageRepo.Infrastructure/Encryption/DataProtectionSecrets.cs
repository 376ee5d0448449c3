using System.Xml.Linq;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Encryption;

/// <summary>The Data Protection keys in the database.</summary>
internal sealed class DataProtectionSecrets(MasterKeyRing keys, IServiceScopeFactory scopes) : ISealedSecrets
{
    public string Name => "Data Protection keys";

    public async Task<long> ResealAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        var resealed = 0L;
        foreach (var row in await db.DataProtectionKeys.ToListAsync(cancellationToken))
        {
            var xml = XElement.Parse(row.Xml!);
            foreach (var element in xml.Descendants(MasterKeyXmlEncryptor.Element).ToList())
            {
                if (keys.Reseal(MasterKeyXmlEncryptor.Purpose, Convert.FromBase64String(element.Value), []) is { } box)
                {
                    element.Value = Convert.ToBase64String(box);
                    row.Xml = xml.ToString(SaveOptions.DisableFormatting);
                    resealed++;
                }
            }
        }
        await db.SaveChangesAsync(cancellationToken);
        return resealed;
    }
}
