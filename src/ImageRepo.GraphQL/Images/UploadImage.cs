using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Mutations;
using ImageRepo.GraphQL.Scalars;
using ImageRepo.GraphQL.Transport;

namespace ImageRepo.GraphQL.Images;

internal sealed record UploadImageInput(ReceivedFile File, string? AltText, string? Description, IReadOnlyList<string> Tags);

internal sealed class UploadImageInputType : InputObjectGraphType
{
    public UploadImageInputType()
    {
        Name = "UploadImageInput";
        Description = "A file and what its owner says about it.";
        Field<NonNullGraphType<UploadScalar>>("file").Description("The file.");
        Field<StringGraphType>("altText").Description("What a screen reader should say.");
        Field<StringGraphType>("description").Description("What the picture shows.");
        Field<ListGraphType<NonNullGraphType<StringGraphType>>>("tags").Description("Tags; upper case and surrounding blanks don't matter.");
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new UploadImageInput(
        value.Required<ReceivedFile>("file"), value.Optional<string>("altText"), value.Optional<string>("description"), value.Strings("tags"));
}

internal sealed record UploadImagePayload : Payload
{
    public Image? Image { get; init; }
    public bool? IsDuplicate { get; init; }
}

internal sealed class UploadImagePayloadType : PayloadType<UploadImagePayload, UploadImageErrorType>
{
    public UploadImagePayloadType() : base("UploadImage")
    {
        Field<ImageType>("image").Description("The image; null when there were errors.").Resolve(p => p.Source.Image);
        Field<BooleanGraphType>("isDuplicate").Description("Whether the same bytes were in the library already, so that `image` is that one.").Resolve(p => p.Source.IsDuplicate);
        Errors();
    }
}

internal sealed class UploadImageErrorType() : ErrorUnionType("UploadImage",
    typeof(ImageTooLargeErrorType), typeof(ImageDimensionsTooLargeErrorType), typeof(UnsupportedImageFormatErrorType), typeof(CorruptImageErrorType),
    typeof(EmptyFileErrorType), typeof(QuotaExceededErrorType), typeof(InvalidTagErrorType));

internal static class UploadImage
{
    public static async Task<UploadImagePayload> ResolveAsync(UploadImageInput input, IResolveFieldContext context)
    {
        // Before the file is taken over: where this refuses, the file is discarded with the request.
        var details = UploadDetails.Parse(input.AltText, input.Description, input.Tags, context.Service<ImageLimits>());
        var uploaded = await context.Service<ImageUploader>().UploadAsync(input.File.Take(), details, context.CancellationToken);
        return new UploadImagePayload { Image = uploaded.Image, IsDuplicate = uploaded.IsDuplicate };
    }
}
