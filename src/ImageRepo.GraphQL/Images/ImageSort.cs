using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Paging;

namespace ImageRepo.GraphQL.Images;

internal sealed class ImageSortInputType : InputObjectGraphType
{
    public ImageSortInputType()
    {
        Name = "ImageSortInput";
        Description = "One key of an order. Write one field an entry; of several, this is their sequence.";
        Field<SortEnumType>("uploadedAt").Description("By when it was uploaded.");
        Field<SortEnumType>("takenAt").Description("By when it was taken; images without a time come last either way.");
        Field<SortEnumType>("fileName").Description("By the file's name.");
        Field<SortEnumType>("byteSize").Description("By the bytes of the original.");
    }
}

internal static class ImageSort
{
    private static readonly SortKey<Image> NewestFirst = new SortKey<Image, ImageId>("id", i => i.Id, isDescending: true);

    /// <summary>The id is the order of upload.</summary>
    public static Keyset<Image> Default { get; } = new([NewestFirst]);

    /// <summary>The order that a client wrote, newest first among equals.</summary>
    public static Keyset<Image> From(IEnumerable<IDictionary<string, object?>> order) =>
        new([.. order.SelectMany(o => o).Where(o => o.Value is not null).SelectMany(o => Keys(o.Key, isDescending: (bool)o.Value!)), NewestFirst]);

    private static IEnumerable<SortKey<Image>> Keys(string name, bool isDescending) => name switch
    {
        "uploadedAt" => [new SortKey<Image, DateTimeOffset>(name, i => i.UploadedAt, isDescending)],
        // What has no time comes last either way; the indexes hold these very expressions.
        "takenAt" => [isDescending
            ? new SortKey<Image, DateTimeOffset>(name, i => i.TakenAt ?? DateTimeOffset.MinValue, isDescending)
            : new SortKey<Image, DateTimeOffset>(name, i => i.TakenAt ?? DateTimeOffset.MaxValue, isDescending)],
        "fileName" => [new SortKey<Image, string>(name, i => i.FileName, isDescending)],
        "byteSize" => [new SortKey<Image, long>(name, i => i.ByteSize, isDescending)],
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a key of ImageSortInput."),
    };
}
