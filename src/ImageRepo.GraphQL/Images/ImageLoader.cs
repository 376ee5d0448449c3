using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Execution;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.GraphQL.Images;

/// <summary>Images by id, those in the trash included: however many a document names, one statement. Of one request.</summary>
internal sealed class ImageLoader(ImageRepoDbContext db) : BatchLoader<ImageId, Image>
{
    protected override async Task<IReadOnlyDictionary<ImageId, Image>> FetchAsync(IReadOnlyCollection<ImageId> ids, CancellationToken cancellationToken) =>
        await db.Images.Where(i => ids.Contains(i.Id)).ToDictionaryAsync(i => i.Id, cancellationToken);
}
