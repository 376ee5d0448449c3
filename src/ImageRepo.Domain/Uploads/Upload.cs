using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;

namespace ImageRepo.Domain.Uploads;

/// <summary>
/// A file that arrives in parts, in any order and as often as its sender likes. The parts lie encrypted in the store, where no link leads to
/// them; complete, they become an image by the way of every upload.
/// </summary>
public sealed class Upload
{
    /// <summary>However large the file: what a client is told of its parts stays small.</summary>
    public const int MaxParts = 256;

    /// <summary>8 MiB: small enough to be sent again after a lost connection, large enough that few requests are needed.</summary>
    public const long LeastPartSize = 8L << 20;

    private Upload()
    {
    }

    public UploadId Id { get; private set; }
    public OwnerId OwnerId { get; private set; }
    public string FileName { get; private set; } = "";
    public long ByteSize { get; private set; }

    /// <summary>Bytes of each part but the last, which is shorter or just as long.</summary>
    public long PartSize { get; private set; }

    /// <summary>As promised; null when nothing was.</summary>
    public string? ContentType { get; private set; }

    /// <summary>As promised, if it was; once the upload is complete, that of its bytes.</summary>
    public ContentHash? ContentHash { get; private set; }

    public DateTimeOffset BegunAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>What was told about the image that it became; null until then.</summary>
    public bool? WasDuplicate { get; private set; }

    public bool IsComplete => WasDuplicate is not null;

    public int PartCount => (int)((ByteSize + PartSize - 1) / PartSize);

    public static Upload Begin(OwnerId owner, UploadPlan plan, TimeSpan lifetime, DateTimeOffset now) => new()
    {
        Id = UploadId.New(now),
        OwnerId = owner,
        FileName = plan.FileName,
        ByteSize = plan.ByteSize,
        PartSize = Math.Max(LeastPartSize, (plan.ByteSize + MaxParts - 1) / MaxParts),
        ContentType = plan.ContentType,
        ContentHash = plan.ContentHash,
        BegunAt = now,
        ExpiresAt = now + lifetime,
    };

    /// <summary>Bytes of a part; they are counted from 1.</summary>
    public long LengthOf(int part) => part < PartCount ? PartSize : ByteSize - (PartCount - 1) * PartSize;

    /// <summary>Whether a client that goes on with this upload has the same file in hand, as far as it says.</summary>
    public bool Matches(UploadPlan plan) =>
        plan.ByteSize == ByteSize && (plan.ContentHash is null || ContentHash is null || plan.ContentHash == ContentHash);

    /// <exception cref="ContentHashMismatchException">It is another file than was promised.</exception>
    /// <exception cref="UnsupportedImageFormatException">It is of another type than was promised.</exception>
    public void Verify(StagedUpload staged)
    {
        if (ContentHash is { } promised && promised != staged.ContentHash)
        {
            throw new ContentHashMismatchException();
        }
        if (ContentType is { } type && type != staged.Format.ContentType())
        {
            var found = staged.Format.ContentType();
            throw new UnsupportedImageFormatException(found, ImageFormats.SupportedTypes, $"The file is {found} and not {type}, as was said when the upload began.");
        }
    }

    public void Complete(UploadedImage uploaded) => (ContentHash, WasDuplicate) = (uploaded.Image.ContentHash, uploaded.IsDuplicate);
}
