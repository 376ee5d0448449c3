using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Storage;

namespace ImageRepo.Domain.Uploads;

/// <summary>Uploads in parts: begin, send each part to its address, in parallel and again where it failed, then complete.</summary>
public sealed class DirectUploads(
    IUploadRegister register, IObjectStore store, IImageLibrary library, ImageUploader uploader, UploadOptions options, TimeProvider time)
{
    /// <summary>Bytes of a part carry no type of their own.</summary>
    public const string PartContentType = "application/octet-stream";

    /// <exception cref="TooManyUploadsException">The owner has too many under way.</exception>
    /// <exception cref="QuotaExceededException">There is no room for it.</exception>
    public async Task<Upload> BeginAsync(OwnerId owner, UploadPlan plan, CancellationToken cancellationToken)
    {
        var upload = Upload.Begin(owner, plan, options.Lifetime, time.GetUtcNow());
        await register.AddAsync(upload, options.PerOwner, cancellationToken);
        return upload;
    }

    /// <summary>An upload that was begun before, to go on with it.</summary>
    /// <exception cref="UploadNotFoundException">It is none of the owner's, is complete or has expired, or was begun for another file.</exception>
    public async Task<Upload> ResumeAsync(OwnerId owner, UploadId id, UploadPlan plan, CancellationToken cancellationToken) =>
        await register.FindAsync(owner, id, cancellationToken) is { IsComplete: false } upload && upload.Matches(plan) ? upload : throw new UploadNotFoundException(id);

    /// <summary>The numbers of the parts that have arrived.</summary>
    public async Task<IReadOnlySet<int>> ReceivedAsync(Upload upload, CancellationToken cancellationToken)
    {
        HashSet<int> received = [];
        await foreach (var info in store.ListAsync(ObjectKey.PartsOf(upload.OwnerId, upload.Id), cancellationToken))
        {
            received.Add(info.Key.Part);
        }
        return received;
    }

    /// <summary>Stores a part, encrypted as it streams in, in place of what was sent for it before.</summary>
    /// <param name="content">Has exactly the part's length.</param>
    /// <exception cref="UploadNotFoundException">The upload is complete or has expired.</exception>
    public async Task ReceiveAsync(OwnerId owner, UploadId id, int part, Stream content, CancellationToken cancellationToken)
    {
        if (await register.FindAsync(owner, id, cancellationToken) is not { IsComplete: false })
        {
            throw new UploadNotFoundException(id);
        }
        var key = ObjectKey.UploadPart(owner, id, part);
        await store.PutAsync(key, content, PartContentType, cancellationToken);
        // Ended while the part was on its way, perhaps with its account: then nothing tells the sweeper of this part any more.
        if (await register.FindAsync(owner, id, CancellationToken.None) is null)
        {
            await store.DeleteAsync(key, CancellationToken.None);
            throw new UploadNotFoundException(id);
        }
    }

    /// <summary>
    /// Turns the parts into an image. Asked again, also while the first call is under way, it gives the same image with the same answer.
    /// </summary>
    /// <exception cref="UploadNotFoundException">There is no such upload, or its image is gone.</exception>
    /// <exception cref="UploadIncompleteException">Parts are missing.</exception>
    /// <exception cref="ContentHashMismatchException">It is another file than was promised.</exception>
    /// <exception cref="DomainException">As <see cref="ImageUploader"/>. An upload whose bytes can't become an image has ended with that.</exception>
    public async Task<UploadedImage> CompleteAsync(OwnerId owner, UploadId id, UploadDetails details, CancellationToken cancellationToken)
    {
        // Before it is held: nobody waits for another's upload, or for none.
        _ = await FindAsync(owner, id, cancellationToken);
        await using var hold = await register.HoldAsync(id, cancellationToken);
        var upload = await FindAsync(owner, id, cancellationToken);
        if (upload is { WasDuplicate: { } wasDuplicate, ContentHash: { } hash })
        {
            var image = await library.FindTwinAsync(owner, hash, cancellationToken) ?? throw new UploadNotFoundException(id);
            return new UploadedImage(image, wasDuplicate);
        }
        var uploaded = await UploadAsync(upload, details, cancellationToken);
        // The image is there, whoever has left meanwhile.
        await register.CompleteAsync(upload, uploaded, CancellationToken.None);
        await store.DeleteAllAsync(ObjectKey.PartsOf(owner, id), CancellationToken.None);
        return uploaded;
    }

    private async Task<Upload> FindAsync(OwnerId owner, UploadId id, CancellationToken cancellationToken) =>
        await register.FindAsync(owner, id, cancellationToken) ?? throw new UploadNotFoundException(id);

    private async Task<UploadedImage> UploadAsync(Upload upload, UploadDetails details, CancellationToken cancellationToken)
    {
        var received = await ReceivedAsync(upload, cancellationToken);
        if (Enumerable.Range(1, upload.PartCount).Where(part => !received.Contains(part)).ToList() is { Count: > 0 } missing)
        {
            throw new UploadIncompleteException(missing);
        }
        try
        {
            var staged = await StageAsync(upload, cancellationToken);
            return await uploader.UploadAsync(staged, details, cancellationToken);
        }
        catch (DomainException refused) when (refused is UnsupportedImageFormatException or CorruptImageException or ImageDimensionsTooLargeException)
        {
            // These bytes will be refused ever again.
            await register.ExpireAsync(upload, CancellationToken.None);
            await store.DeleteAllAsync(ObjectKey.PartsOf(upload.OwnerId, upload.Id), CancellationToken.None);
            throw;
        }
    }

    private async Task<StagedUpload> StageAsync(Upload upload, CancellationToken cancellationToken)
    {
        await using var file = new JoinedParts(store, upload);
        var staged = await uploader.StageAsync(upload.OwnerId, upload.FileName, file, cancellationToken);
        try
        {
            // What was hashed is what was stored: a part that is sent again at this moment changes neither.
            upload.Verify(staged);
            return staged;
        }
        catch (DomainException)
        {
            await uploader.DiscardAsync(staged);
            throw;
        }
    }
}
