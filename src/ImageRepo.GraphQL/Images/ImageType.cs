using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.GraphQL.Colors;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Nodes;
using ImageRepo.GraphQL.Paging;
using ImageRepo.GraphQL.Scalars;
using ImageRepo.GraphQL.Tags;

namespace ImageRepo.GraphQL.Images;

internal sealed class ImageType : ObjectGraphType<Image>
{
    public const string TypeName = "Image";

    private static readonly string[] DescriptionMembers =
        [nameof(Image.OwnerDescription), nameof(Image.AnalyzerDescription), nameof(Image.AnalyzerDescriptionConfidence)];

    public ImageType()
    {
        Name = TypeName;
        Description = "An image of the caller. Widths, heights and places are those of the picture as it is shown, after EXIF rotation.";
        Interface<NodeType>();
        Field<NonNullGraphType<IdGraphType>>("id").Description("The global id.").Resolve(i => IdOf(i.Source.Id));
        AboutTheFile();
        AboutThePicture();
        AboutItsContent();
        Links();
        Times();
        this.RequireMembers();
    }

    public static string IdOf(ImageId id) => GlobalId.Encode(TypeName, id.Value);

    private void AboutTheFile()
    {
        Field("fileName", i => i.FileName).Description("The name that the file had, or was given since.");
        Field<NonNullGraphType<StringGraphType>>("contentType").Description("The media type of the original, told from its bytes.").Resolve(i => i.Source.Format.ContentType()).Reads(nameof(Image.Format));
        Field<NonNullGraphType<LongScalar>>("byteSize").Description("Bytes of the original.").Resolve(i => i.Source.ByteSize);
        Field<NonNullGraphType<StringGraphType>>("contentHash").Description("SHA-256 of the original in lower-case hexadecimal digits.").Resolve(i => i.Source.ContentHash.Value);
        Field<ExifType>("exif").Description("What the camera wrote.").Resolve(i => i.Source.Exif);
    }

    private void AboutThePicture()
    {
        Field("width", i => i.Width).Description("Pixels.");
        Field("height", i => i.Height).Description("Pixels.");
        Field<NonNullGraphType<ImageOrientationType>>("orientation").Description("The shape.").Resolve(i => i.Source.Orientation);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<ImageColorType>>>>("colors").Description("The palette, largest share first.").Resolve(i => i.Source.Colors).ListSize(8);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<NamedColorType>>>>("dominantColors").Description("The named colours that matter, largest first.").Resolve(i => i.Source.DominantColors);
        Field<HexColorScalar>("accentColor").Description("The most vivid colour of weight; null where there is none.").Resolve(i => i.Source.AccentColor);
        Field("isBlackAndWhite", i => i.IsBlackAndWhite).Description("Whether the picture is without colour.");
        Field<StringGraphType>("placeholder").Description("A ThumbHash in Base64: paint it until the pixels arrive.")
            .Resolve(i => i.Source.ThumbHash is { Length: > 0 } hash ? Convert.ToBase64String(hash) : null)
            .Reads(nameof(Image.ThumbHash));
    }

    private void AboutItsContent()
    {
        Field("altText", i => i.AltText, nullable: true).Description("What a screen reader should say: the owner's text, else the description.")
            .Reads([nameof(Image.OwnerAltText), .. DescriptionMembers]);
        Field<ImageDescriptionType>("description").Description("What the picture shows: in the owner's words, else in the analyzer's.").Resolve(i => i.Source.Description)
            .Reads(DescriptionMembers);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<ImageTagType>>>>("tags").Description("The tags, the owner's first.")
            .Argument<FloatGraphType>("minConfidence", "Leaves out the analyzer's tags of which it is less sure, 0 to 1.")
            .Resolve(Tags)
            .ListSize(20);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<DetectedObjectType>>>>("objects").Description("What was recognised, with its place.").Resolve(i => i.Source.Objects).ListSize(20);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<TextLineType>>>>("text").Description("What is written in the picture, line by line in reading order.").Resolve(i => i.Source.Text).ListSize(20);
        Field<NonNullGraphType<ImageAnalysisType>>("analysis").Description("Where the analysis stands.").Resolve(i => i.Source.Analysis);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<SimilarImageType>>>>("similar")
            .Description("The caller's images that look most like this one, the nearest first: copies in other sizes, recompressed or cropped a little. None in the trash.")
            .Argument<NonNullGraphType<IntGraphType>>("first", $"How many, at most {PageRequest.MaxSize}.", argument => argument.DefaultValue = 10)
            .Argument<FloatGraphType>("minSimilarity", "Only those that are as alike as this or more; 1 is the same. Those that differ too much to be called similar are never shown.")
            .Resolve(i => i.Service<SimilarImageLoader>().Load(
                i, i.Source.Id, PageRequest.Create(i.GetArgument<int>("first"), null, null, null).Size, i.GetArgument<double?>("minSimilarity") ?? 0))
            .Reads(nameof(Image.Id))
            .Costs().ListSize(PageRequest.MaxSize, defaultSize: 10);
        Field("isFavorite", i => i.IsFavorite).Description("Whether the owner marked it.");
    }

    private void Links()
    {
        Field<NonNullGraphType<SignedUrlType>>("original").Description("The file as it was uploaded.")
            .Resolve(i => SignedUrl.For(i, i.Source.OriginalKey, i.Source.Width, i.Source.Height, i.Source.FileName))
            .Reads(nameof(Image.OwnerId), nameof(Image.Width), nameof(Image.Height), nameof(Image.FileName));
        Field<NonNullGraphType<SignedUrlType>>("rendition")
            .Description("A copy whose longer side has 160, 320, 480, 800, 1200, 1600 or 2400 pixels: the largest that is no larger than asked, or the smallest. Never enlarged, without metadata. It is made when its address is first fetched, and kept.")
            .Argument<IntGraphType>("width", "The most pixels wide. Without either bound the largest of 320, 800 and 1600, which are there since the upload.")
            .Argument<IntGraphType>("height", "The most pixels high.")
            .Argument<NonNullGraphType<ImageFitType>>("fit", "How it is fitted into the bounds.", argument => argument.DefaultValue = ImageFit.Inside)
            .Argument<ImageFormatType>("format", "The encoding; without it the one that is kept for the size.")
            .Resolve(i => SignedUrl.For(i, i.Source.Offer(RenditionRequest.Create(
                i.GetArgument<int?>("width"), i.GetArgument<int?>("height"), i.GetArgument<ImageFit>("fit"), i.GetArgument<ImageFormat?>("format")))))
            .Reads(nameof(Image.OwnerId), nameof(Image.Width), nameof(Image.Height), nameof(Image.Renditions));
    }

    private void Times()
    {
        Field<DateTimeScalar>("takenAt").Description("When it was taken: by the owner's word, else by the camera's.").Resolve(i => i.Source.TakenAt);
        Field<NonNullGraphType<DateTimeScalar>>("uploadedAt").Description("When it was uploaded.").Resolve(i => i.Source.UploadedAt);
        Field<NonNullGraphType<DateTimeScalar>>("updatedAt").Description("When the owner or the analysis last changed it.").Resolve(i => i.Source.UpdatedAt);
        Field<DateTimeScalar>("deletedAt").Description("When it was put into the trash; null outside of it.").Resolve(i => i.Source.DeletedAt);
    }

    private static IEnumerable<ImageTag> Tags(IResolveFieldContext<Image> image) => image.GetArgument<double?>("minConfidence") is { } least
        ? image.Source.Tags.Where(t => t.Confidence is null || Fraction.Of(t.Confidence.Value) >= least)
        : image.Source.Tags;
}
