using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Storage;

namespace ImageRepo.Domain.Images;

/// <summary>
/// The way in, for every door: bytes are staged, then become an image. When this returns, the image can be looked at and found by colour;
/// its description and tags follow from its job. Whatever fails leaves no object behind, or one that the sweeper collects.
/// </summary>
public sealed class ImageUploader(IObjectStore store, IPictureReader pictures, IImageLibrary library, ImageLimits limits, TimeProvider time)
{
    /// <summary>Streams a file into the store, encrypted, while its hash is computed. Never holds it whole in memory.</summary>
    /// <exception cref="EmptyFileException">No bytes arrived.</exception>
    /// <exception cref="ImageTooLargeException">More bytes than <see cref="ImageLimits.UploadBytes"/>; the rest is not read.</exception>
    /// <exception cref="UnsupportedImageFormatException">Not an image; told from the first bytes, the rest is not read.</exception>
    /// <exception cref="QuotaExceededException">The library is full; nothing is stored.</exception>
    public async Task<StagedUpload> StageAsync(OwnerId owner, string? fileName, Stream content, CancellationToken cancellationToken)
    {
        var head = new byte[pictures.HeadLength];
        var headLength = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        var format = pictures.Identify(head.AsSpan(0, headLength));

        var image = ImageId.New(time.GetUtcNow());
        var usage = await library.ReserveAsync(owner, image, cancellationToken);
        using var picture = PictureHasher.For(format);
        await using var measured = new MeasuredStream(head.AsMemory(0, headLength), content, limits.UploadBytes, picture);
        try
        {
            await store.PutAsync(ObjectKey.Original(owner, image), measured, format.ContentType(), cancellationToken);
        }
        catch (Exception failure) when (failure is not StorageUnavailableException)
        {
            // All or nothing: a put that failed has left no object. Only of a store that is away nobody knows; there the note stays for the sweeper.
            await library.ReleaseAsync(owner, image, CancellationToken.None);
            throw;
        }
        return new StagedUpload(image, owner, ImageFileName.FromUpload(fileName), measured.BytesRead, measured.Hash(), format)
        {
            PictureHash = picture?.Finish(),
            UsageBefore = usage,
        };
    }

    /// <summary>Turns a staged file into an image: decodes it once, stores its renditions, and adds it to the owner's library.</summary>
    /// <exception cref="DomainException">The picture or the quota does not allow it; nothing is stored.</exception>
    public async Task<UploadedImage> UploadAsync(StagedUpload staged, UploadDetails details, CancellationToken cancellationToken)
    {
        Image image;
        try
        {
            if (await FindTwinAsync(staged, cancellationToken) is { } twin)
            {
                await DiscardAsync(staged);
                return new UploadedImage(twin, IsDuplicate: true);
            }
            await RequireRoomAsync(staged, cancellationToken);
            var picture = await ReadAsync(staged, cancellationToken);
            await StoreAsync(picture.Renditions, staged, cancellationToken);
            image = Image.Upload(staged, picture, details, limits, time.GetUtcNow());
        }
        catch
        {
            await DiscardAsync(staged);
            throw;
        }
        return await AddAsync(image, staged, cancellationToken);
    }

    /// <summary>Removes what a staged file has left in the store.</summary>
    public async Task DiscardAsync(StagedUpload staged)
    {
        try
        {
            // Not cancelled with the request: a client that has left must not leave its bytes behind.
            await store.DeleteAsync(ObjectKey.Original(staged.OwnerId, staged.ImageId), CancellationToken.None);
            await store.DeleteAllAsync(ObjectKey.RenditionsOf(staged.OwnerId, staged.ImageId), CancellationToken.None);
        }
        catch (StorageUnavailableException)
        {
            // The note that is not released tells the sweeper what to delete once the store is back; the client is told why it came to this.
            return;
        }
        await library.ReleaseAsync(staged.OwnerId, staged.ImageId, CancellationToken.None);
    }

    private async Task<Picture> ReadAsync(StagedUpload staged, CancellationToken cancellationToken)
    {
        await using var original = await store.OpenReadAsync(ObjectKey.Original(staged.OwnerId, staged.ImageId), cancellationToken)
            ?? throw new InvalidOperationException($"The staged original of image {staged.ImageId} is gone.");
        return await pictures.ReadAsync(original.Content, staged.Format, cancellationToken);
    }

    private async Task StoreAsync(IEnumerable<EncodedRendition> renditions, StagedUpload staged, CancellationToken cancellationToken)
    {
        foreach (var rendition in renditions)
        {
            using var content = new MemoryStream(rendition.Content, writable: false);
            var key = ObjectKey.Rendition(staged.OwnerId, staged.ImageId, rendition.Size);
            await store.PutAsync(key, content, rendition.Format.ContentType(), cancellationToken);
        }
    }

    private async Task<Image?> FindTwinAsync(StagedUpload staged, CancellationToken cancellationToken)
    {
        var twin = await library.FindTwinAsync(staged.OwnerId, staged.ContentHash, cancellationToken);
        return twin is { IsTrashed: true }
            ? (await library.RestoreAsync(twin.OwnerId, [twin.Id], cancellationToken)).Done.SingleOrDefault()
            : twin;
    }

    /// <summary>
    /// Spares a decode that would be for nothing, where the library was full when the file began to arrive. What came meanwhile may have filled
    /// it; it is the library that decides, under its lock.
    /// </summary>
    private async Task RequireRoomAsync(StagedUpload staged, CancellationToken cancellationToken)
    {
        if (staged.UsageBefore?.HasRoomFor(staged.ByteSize) == true)
        {
            return;
        }
        // Asked again before it is refused: there may be room by now.
        var usage = await library.UsageAsync(staged.OwnerId, cancellationToken);
        if (!usage.HasRoomFor(staged.ByteSize))
        {
            throw new QuotaExceededException(usage);
        }
    }

    private async Task<UploadedImage> AddAsync(Image image, StagedUpload staged, CancellationToken cancellationToken)
    {
        try
        {
            var uploaded = await library.AddAsync(image, cancellationToken);
            if (uploaded.IsDuplicate)
            {
                await DiscardAsync(staged);
            }
            return uploaded;
        }
        catch (DomainException)
        {
            // Only a refusal is sure to have added nothing. After a lost connection the row may be there, so its objects
            // stay until the sweeper has looked.
            await DiscardAsync(staged);
            throw;
        }
    }
}
