using System.Buffers;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Accounts;

namespace ImageRepo.Web.Export;

/// <summary>
/// Everything of one account as a ZIP: <c>account.json</c>, <c>images.json</c> and the originals as they were uploaded. It is made while it is
/// sent, so neither the archive nor an image is ever whole in memory or on a disk.
/// </summary>
internal sealed class AccountArchive(ExportedAccount accounts, ExportedImages images, IObjectStore store)
{
    private static readonly JsonWriterOptions Written = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task WriteAsync(User user, Stream output, CancellationToken cancellationToken)
    {
        await using var zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        await WriteJsonAsync(zip, "account.json", writer => accounts.WriteAsync(user, writer, cancellationToken), cancellationToken);
        List<ExportedOriginal> originals = [];
        await WriteJsonAsync(zip, "images.json", async writer =>
        {
            writer.WriteStartArray();
            await foreach (var (image, original) in images.ReadAsync(user.OwnerId, cancellationToken))
            {
                image.WriteTo(writer);
                originals.Add(original);
                if (writer.BytesPending > 64 * 1024)
                {
                    await writer.FlushAsync(cancellationToken);
                }
            }
            writer.WriteEndArray();
        }, cancellationToken);
        foreach (var original in originals)
        {
            await WriteOriginalAsync(zip, original, cancellationToken);
        }
    }

    private async Task WriteOriginalAsync(ZipArchive zip, ExportedOriginal original, CancellationToken cancellationToken)
    {
        // Deleted for good while the archive is being made.
        if (await store.OpenReadAsync(original.Key, cancellationToken) is not { } stored)
        {
            return;
        }
        await using (stored)
        {
            // Pictures are compressed already.
            var entry = zip.CreateEntry(original.Path, CompressionLevel.NoCompression);
            entry.LastWriteTime = original.UploadedAt.ToUniversalTime();
            await using var content = await entry.OpenAsync(cancellationToken);
            await stored.Content.CopyToAsync(content, cancellationToken);
        }
    }

    private static async Task WriteJsonAsync(ZipArchive zip, string name, Func<Utf8JsonWriter, Task> write, CancellationToken cancellationToken)
    {
        await using var content = await zip.CreateEntry(name).OpenAsync(cancellationToken);
        await using var writer = new Utf8JsonWriter(content, Written);
        await write(writer);
        await writer.FlushAsync(cancellationToken);
    }
}
