using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Mutations;
using ImageRepo.GraphQL.Scalars;
using ImageRepo.GraphQL.Transport;

namespace ImageRepo.GraphQL.Images;

internal sealed record UploadImageInput(ReceivedFile File, OwnersWords Words);

internal sealed class UploadImageInputType : InputObjectGraphType
{
    public UploadImageInputType()
    {
        Name = "UploadImageInput";
        Description = "A file and what its owner says about it.";
        Field<NonNullGraphType<UploadScalar>>("file").Description("The file.");
        OwnersWords.AddFields(this);
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new UploadImageInput(value.Required<ReceivedFile>("file"), OwnersWords.Read(value));
}

internal sealed record UploadImagePayload : NewImagePayload;

internal sealed class UploadImagePayloadType() : NewImagePayloadType<UploadImagePayload, UploadImageErrorType>("UploadImage");

internal sealed class UploadImageErrorType() : ErrorUnionType("UploadImage",
    typeof(ImageTooLargeErrorType), typeof(ImageDimensionsTooLargeErrorType), typeof(UnsupportedImageFormatErrorType), typeof(CorruptImageErrorType),
    typeof(EmptyFileErrorType), typeof(QuotaExceededErrorType), typeof(InvalidTagErrorType));

internal static class UploadImage
{
    public static async Task<UploadImagePayload> ResolveAsync(UploadImageInput input, IResolveFieldContext context)
    {
        // Before the file is taken over: where this refuses, the file is discarded with the request.
        var details = input.Words.Parse(context.Service<ImageLimits>());
        var uploaded = await context.Service<ImageUploader>().UploadAsync(input.File.Take(), details, context.CancellationToken);
        return NewImagePayload.Of<UploadImagePayload>(uploaded);
    }
}
