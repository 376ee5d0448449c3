using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Storage;
using ImageRepo.Web.Schema;

namespace ImageRepo.Web.Export;

/// <summary>Where an original lies in the archive and in the store.</summary>
internal sealed record ExportedOriginal(string Path, ObjectKey Key, DateTimeOffset UploadedAt);

/// <summary>All images of who is signed in, the trash included, page by page as the schema gives them.</summary>
internal sealed class ExportedImages(PageSchema schema)
{
    // So few that the operation stays well within the limit of its cost.
    private const int PageSize = 10;

    public async IAsyncEnumerable<(JsonObject Image, ExportedOriginal Original)> ReadAsync(OwnerId owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var isTrash in new[] { false, true })
        {
            for (string? after = null; ;)
            {
                var variables = new Dictionary<string, object?> { ["first"] = PageSize, ["after"] = after, ["trash"] = isTrash };
                var data = await schema.ExecuteAsync<ExportData>("Account/Export", variables, cancellationToken);
                var page = (isTrash ? data.Trash : data.Images) ?? throw new InvalidOperationException("The schema left out what was asked for.");
                foreach (var node in page.Nodes)
                {
                    var original = Original(owner, node);
                    // What it is called in the archive comes first, since that is how one finds the file.
                    var image = new JsonObject { ["file"] = original.Path };
                    foreach (var property in node.EnumerateObject())
                    {
                        image[property.Name] = JsonNode.Parse(property.Value.GetRawText());
                    }
                    yield return (image, original);
                }
                if (page.PageInfo is not { HasNextPage: true, EndCursor: { } end })
                {
                    break;
                }
                after = end;
            }
        }
    }

    private static ExportedOriginal Original(OwnerId owner, JsonElement image)
    {
        var id = image.GetProperty("id").GetString()!;
        var path = $"originals/{PageImageId.Write(id)}/{ArchiveName.Of(image.GetProperty("fileName").GetString()!)}";
        return new ExportedOriginal(path, ObjectKey.Original(owner, PageImageId.ImageOf(id)), image.GetProperty("uploadedAt").GetDateTimeOffset());
    }

    private sealed record ExportData(ExportPage? Images, ExportPage? Trash);

    private sealed record ExportPage(PageInfoData PageInfo, IReadOnlyList<JsonElement> Nodes);

    private sealed record PageInfoData(bool HasNextPage, string? EndCursor);
}
