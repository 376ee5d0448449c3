using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Uploads;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Images;
using ImageRepo.GraphQL.Mutations;

namespace ImageRepo.GraphQL.Uploads;

internal sealed record CompleteUploadInput(string UploadId, OwnersWords Words);

internal sealed class CompleteUploadInputType : InputObjectGraphType
{
    public CompleteUploadInputType()
    {
        Name = "CompleteUploadInput";
        Description = "An upload whose parts have all been sent, and what its owner says about the image.";
        Field<NonNullGraphType<IdGraphType>>("uploadId").Description("The upload.");
        OwnersWords.AddFields(this);
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new CompleteUploadInput(value.Required<string>("uploadId"), OwnersWords.Read(value));
}

internal sealed record CompleteUploadPayload : NewImagePayload;

internal sealed class CompleteUploadPayloadType() : NewImagePayloadType<CompleteUploadPayload, CompleteUploadErrorType>("CompleteUpload");

internal sealed class CompleteUploadErrorType() : ErrorUnionType("CompleteUpload",
    typeof(UploadNotFoundErrorType), typeof(UploadIncompleteErrorType), typeof(ContentHashMismatchErrorType), typeof(ImageTooLargeErrorType),
    typeof(ImageDimensionsTooLargeErrorType), typeof(UnsupportedImageFormatErrorType), typeof(CorruptImageErrorType), typeof(QuotaExceededErrorType), typeof(InvalidTagErrorType));

internal static class CompleteUpload
{
    public static async Task<CompleteUploadPayload> ResolveAsync(CompleteUploadInput input, IResolveFieldContext context)
    {
        var details = input.Words.Parse(context.Service<ImageLimits>());
        var uploaded = await context.Service<DirectUploads>().CompleteAsync(context.Owner(), UploadIds.Parse(input.UploadId), details, context.CancellationToken);
        return NewImagePayload.Of<CompleteUploadPayload>(uploaded);
    }
}
