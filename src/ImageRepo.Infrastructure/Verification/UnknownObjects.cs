using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;
using ImageRepo.Domain.Uploads;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Infrastructure.Verification;

/// <summary>Tells of listed objects which the database does not know.</summary>
internal sealed class UnknownObjects(ImageRepoDbContext db)
{
    /// <param name="keys">As the store lists them.</param>
    /// <returns>Those that no image and no note claims, and how many are claimed by a note alone: of uploads under way, and of what the sweeper is to delete.</returns>
    public async Task<(IReadOnlyList<ObjectKey> Unknown, int Noted)> FindAsync(IReadOnlyCollection<ObjectKey> keys, CancellationToken cancellationToken)
    {
        // The notes first: an upload that becomes an image between the two questions is found by the second.
        ImageId[] images = [.. keys.Select(k => k.Image).OfType<ImageId>().Distinct()];
        var noted = (await db.Set<UnclaimedRow>().AsNoTracking().Where(u => images.Contains(u.ImageId)).ToListAsync(cancellationToken)).ToDictionary(u => u.ImageId);
        var expected = (await ExpectedObjects.FindAsync(db, images, cancellationToken)).ToDictionary(i => i.Id);
        UploadId[] uploads = [.. keys.Select(k => k.Upload).OfType<UploadId>().Distinct()];
        var begun = (await db.Uploads.IgnoreQueryFilters().Where(u => uploads.Contains(u.Id)).ToListAsync(cancellationToken)).ToDictionary(u => u.Id);

        List<ObjectKey> unclaimed = [.. keys.Where(k => !(k.Image is { } image && expected.TryGetValue(image, out var claimed) && claimed.Owns(k)))];
        List<ObjectKey> unknown = [.. unclaimed.Where(key =>
            !(key.Image is { } image && noted.TryGetValue(image, out var note) && IsOf(key, ObjectKey.Original(note.OwnerId, image).Value, ObjectKey.RenditionsOf(note.OwnerId, image)))
            && !(key.Upload is { } id && begun.TryGetValue(id, out var upload) && IsOf(key, null, ObjectKey.PartsOf(upload.OwnerId, id))))];
        return (unknown, unclaimed.Count - unknown.Count);
    }

    private static bool IsOf(ObjectKey key, string? whole, string folder) => key.Value == whole || key.Value.StartsWith(folder, StringComparison.Ordinal);
}
