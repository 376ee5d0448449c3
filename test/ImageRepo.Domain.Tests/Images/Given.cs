using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;

namespace ImageRepo.Domain.Tests.Images;

/// <summary>Images in the states that tests start from.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly ImageLimits Limits = new();

    public static StagedUpload Staged(string fileName = "beach.jpg") => new(
        ImageId.New(Noon), new OwnerId(Guid.NewGuid()), fileName, 1_000, ContentHash.FromBytes(Guid.NewGuid().ToByteArray().Concat(new byte[16]).ToArray()), ImageFormat.Jpeg);

    public static Picture Picture(int width = 4000, int height = 3000, Exif? exif = null) => new(
        ImageFormat.Jpeg, width, height, 1, false,
        [new ImageColor(HexColor.Parse("#008080"), NamedColor.Teal, 0.7f), new ImageColor(HexColor.Parse("#FFFFFF"), NamedColor.White, 0.3f)],
        [NamedColor.Teal], HexColor.Parse("#008080"), false, [1, 2, 3], 42, exif,
        [new EncodedRendition(320, 320, 240, ImageFormat.WebP, [1]), new EncodedRendition(800, 800, 600, ImageFormat.WebP, [1]), new EncodedRendition(1600, 1600, 1200, ImageFormat.Jpeg, [1])]);

    public static Image Uploaded(params string[] tags) =>
        Image.Upload(Staged(), Picture(), UploadDetails.Parse(null, null, tags, Limits), Limits, Noon);

    public static Image Analyzed(params string[] machineTags)
    {
        var image = Uploaded();
        image.StartAnalysis();
        image.CompleteAnalysis(Result(machineTags), Limits, Noon.AddMinutes(1));
        return image;
    }

    public static AnalysisResult Result(params string[] tags) =>
        new("test 1.0", "A photo of a boat", 0.8f, [.. tags.Select(t => (TagName.Parse(t), 0.9f))], []);

    public static TagName[] Tags(params string[] names) => [.. names.Select(TagName.Parse)];

    public static string[] Names(this IEnumerable<ImageTag> tags) => [.. tags.Select(t => t.Name.Value)];
}
