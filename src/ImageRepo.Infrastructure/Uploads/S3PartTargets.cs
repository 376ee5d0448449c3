using ImageRepo.Domain.Storage;
using ImageRepo.Domain.Uploads;
using ImageRepo.Infrastructure.ObjectStorage.S3;

namespace ImageRepo.Infrastructure.Uploads;

/// <summary>Addresses of the S3 server itself: parts don't pass through this product.</summary>
internal sealed class S3PartTargets(S3PutLinks links) : IPartTargets
{
    public PartTarget Create(Upload upload, int part)
    {
        var (url, headers) = links.Create(ObjectKey.UploadPart(upload.OwnerId, upload.Id, part), upload.LengthOf(part), upload.ExpiresAt);
        return new PartTarget(url, headers);
    }
}
