using System.Runtime.CompilerServices;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Persistence;

namespace ImageRepo.Infrastructure.Backups;

/// <summary>The objects of a backup, one a line: the key, and behind a blank the SHA-256 of the bytes where the database knows it.</summary>
internal sealed class ObjectList(BackupFolder folder, BackupManifest manifest)
{
    private const int PageSize = 200;

    public static async Task WriteAsync(TextWriter writer, ExpectedImage image)
    {
        foreach (var key in image.Keys)
        {
            await writer.WriteAsync(key == image.Original ? $"{key} {image.ContentHash}\n" : $"{key}\n");
        }
    }

    /// <summary>Reads it, some at a time.</summary>
    /// <exception cref="BackupException">It is not there, or is not the one that was written.</exception>
    public async IAsyncEnumerable<IReadOnlyList<ListedObject>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stored = await folder.Store.OpenReadAsync(BackupFolder.KeyOfObjectList(manifest.Id), cancellationToken) ?? throw Incomplete();
        await using var lines = new MeasuredCopy(stored.Content);
        using var reader = new StreamReader(lines, leaveOpen: true);
        List<ListedObject> page = [];
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            page.Add(line.Split(' ') is [var key, var hash] ? new ListedObject(ObjectKey.Parse(key), ContentHash.Parse(hash)) : new ListedObject(ObjectKey.Parse(line), null));
            if (page.Count == PageSize)
            {
                yield return page;
                page = [];
            }
        }
        yield return page;
        if ((lines.Lines, lines.Hash()) != (manifest.Objects, manifest.ObjectsHash))
        {
            throw Incomplete();
        }
    }

    private static BackupException Incomplete() => new("The backup is damaged: its list of objects is not the one that was written.");
}

/// <param name="Hash">Of the bytes; null where the database does not know it.</param>
internal sealed record ListedObject(ObjectKey Key, ContentHash? Hash);
