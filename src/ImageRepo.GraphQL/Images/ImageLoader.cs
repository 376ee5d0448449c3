using GraphQL;
using GraphQL.DataLoader;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Execution;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.GraphQL.Images;

/// <summary>Images by id, those in the trash included: however many a document names, one statement. Of one request.</summary>
internal sealed class ImageLoader(ImageRepoDbContext db) : BatchLoader<ImageId, Image>
{
    private readonly HashSet<string> _members = [nameof(Image.Id)];

    /// <summary>The image with what the field shows of it.</summary>
    public IDataLoaderResult<Image?> Load(IResolveFieldContext field, ImageId id)
    {
        var members = field.Members<Image>();
        if (!_members.IsSupersetOf(members))
        {
            _members.UnionWith(members);
            Forget();
        }
        return Load(id);
    }

    protected override async Task<IReadOnlyDictionary<ImageId, Image>> FetchAsync(IReadOnlyCollection<ImageId> ids, CancellationToken cancellationToken) =>
        await db.Images.Where(i => ids.Contains(i.Id)).Select(Selection.Copying<Image>(_members)).ToDictionaryAsync(i => i.Id, cancellationToken);
}
