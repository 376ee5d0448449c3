using System.Buffers;
using System.Security.Cryptography;
using ImageRepo.Domain;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Persistence;

namespace ImageRepo.Infrastructure.Verification;

/// <summary>Reads the objects of one image, and makes renditions anew.</summary>
internal sealed class ImageObjects(IObjectStore store, IPictureReader pictures)
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Reads every object of the image to its end; the original must be the bytes that were uploaded.</summary>
    /// <param name="read">Told of each object that was there, with its length in bytes.</param>
    public async Task<List<StoreFault>> CheckAsync(ExpectedImage image, Action<long> read, CancellationToken cancellationToken)
    {
        List<StoreFault> faults = [];
        foreach (var key in image.Keys)
        {
            if (await CheckAsync(key, key == image.Original ? image : null, read, cancellationToken) is { } fault)
            {
                faults.Add(fault);
            }
        }
        return faults;
    }

    /// <summary>Makes the renditions that are named in the faults from the original, when that is whole and gives the same as it once did.</summary>
    /// <returns>The faults, those that are mended marked as repaired.</returns>
    public async Task<List<StoreFault>> RepairAsync(ExpectedImage image, List<StoreFault> faults, CancellationToken cancellationToken)
    {
        if (faults.Exists(f => f.Key == image.Original))
        {
            return faults;
        }
        IReadOnlyList<EncodedRendition> made;
        try
        {
            await using var original = await store.OpenReadAsync(image.Original, cancellationToken);
            made = original is null ? [] : (await pictures.ReadAsync(original.Content, image.Format, cancellationToken)).Renditions;
        }
        catch (DomainException refused) when (refused is not UnavailableException)
        {
            // Its limits are tighter than when it was uploaded.
            return [.. faults.Select(f => f with { Problem = $"{f.Problem} It can't be made anew: {refused.Message}" })];
        }
        List<StoreFault> left = [];
        foreach (var fault in faults)
        {
            var rendition = image.Renditions.FirstOrDefault(r => image.KeyOf(r) == fault.Key);
            if (made.FirstOrDefault(m => rendition is not null && (m.Size, m.Width, m.Height, m.Format) == (rendition.Size, rendition.Width, rendition.Height, rendition.Format)) is not { } fresh)
            {
                left.Add(fault with { Problem = $"{fault.Problem} The original does not give this rendition any more." });
                continue;
            }
            using var content = new MemoryStream(fresh.Content, writable: false);
            await store.PutAsync(fault.Key, content, fresh.Format.ContentType(), cancellationToken);
            left.Add(fault with { IsRepaired = true });
        }
        return left;
    }

    /// <param name="original">The image whose original it is, or null for a rendition.</param>
    private async Task<StoreFault?> CheckAsync(ObjectKey key, ExpectedImage? original, Action<long> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var stored = await store.OpenReadAsync(key, cancellationToken);
            if (stored is null)
            {
                return new StoreFault(key, StoreFaultKind.Missing, "is not in the store.");
            }
            var (length, hash) = await HashAsync(stored.Content, cancellationToken);
            read(length);
            return (length, original) switch
            {
                (_, { } image) when length != image.ByteSize => new StoreFault(key, StoreFaultKind.Damaged, $"has {length} bytes, and {image.ByteSize} were stored."),
                (_, { } image) when hash != image.ContentHash => new StoreFault(key, StoreFaultKind.Damaged, "has other bytes than were stored: its SHA-256 differs."),
                (0, _) => new StoreFault(key, StoreFaultKind.Damaged, "is empty."),
                _ => null,
            };
        }
        catch (InvalidDataException)
        {
            return new StoreFault(key, StoreFaultKind.Damaged, "can't be decrypted: it was changed or cut off, or is under a master key that is not here.");
        }
    }

    private static async Task<(long Length, ContentHash Hash)> HashAsync(Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        var length = 0L;
        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            hash.AppendData(buffer.AsSpan(0, count));
            length += count;
        }
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return (length, ContentHash.FromBytes(hash.GetHashAndReset()));
    }
}
