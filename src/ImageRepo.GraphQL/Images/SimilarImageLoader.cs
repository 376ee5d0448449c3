using GraphQL;
using GraphQL.DataLoader;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Execution;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.GraphQL.Images;

/// <param name="Degree">0 to 1.</param>
internal sealed record SimilarImage(Image Image, double Degree);

/// <summary>What resembles each image of a list: two statements, however many images are asked about. Of one request.</summary>
internal sealed class SimilarImageLoader(ImageRepoDbContext db, ISimilarImages similar) : BatchLoader<(ImageId Image, int Most, double Least), IReadOnlyList<SimilarImage>>
{
    private readonly HashSet<string> _members = [nameof(Image.Id)];

    /// <summary>The most similar images with what the field shows of them.</summary>
    public IDataLoaderResult<IReadOnlyList<SimilarImage>?> Load(IResolveFieldContext field, ImageId image, int most, double least)
    {
        var members = field.Members<Image>();
        if (!_members.IsSupersetOf(members))
        {
            _members.UnionWith(members);
            Forget();
        }
        return Load((image, most, least));
    }

    protected override async Task<IReadOnlyDictionary<(ImageId Image, int Most, double Least), IReadOnlyList<SimilarImage>>> FetchAsync(
        IReadOnlyCollection<(ImageId Image, int Most, double Least)> keys, CancellationToken cancellationToken)
    {
        // Where one image is asked about twice, the shorter answer is the beginning of the longer one.
        var found = await similar.FindAsync([.. keys.GroupBy(k => k.Image).Select(k => (k.Key, k.Max(i => i.Most), k.Min(i => i.Least)))], cancellationToken);
        var ids = found.SelectMany(f => f).Select(s => s.Image).Distinct().ToList();
        var images = ids.Count == 0 ? []
            : await db.Images.Where(i => ids.Contains(i.Id)).Select(Selection.Copying<Image>(_members)).ToDictionaryAsync(i => i.Id, cancellationToken);
        // One that is gone since it was found is left out.
        return keys.ToDictionary(k => k, IReadOnlyList<SimilarImage> (k) =>
            [.. found[k.Image].Where(s => s.Degree >= k.Least).Take(k.Most).Where(s => images.ContainsKey(s.Image)).Select(s => new SimilarImage(images[s.Image], s.Degree))]);
    }
}
