using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Uploads;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Images;
using ImageRepo.GraphQL.Mutations;
using ImageRepo.GraphQL.Scalars;

namespace ImageRepo.GraphQL.Uploads;

internal sealed record BeginUploadInput(string? UploadId, string FileName, long ByteSize, string? ContentType, string? ContentHash);

internal sealed class BeginUploadInputType : InputObjectGraphType
{
    public BeginUploadInputType()
    {
        Name = "BeginUploadInput";
        Description = "The file that is going to be sent in parts.";
        Field<IdGraphType>("uploadId").Description("An upload to go on with; the answer says what has arrived of it.");
        Field<NonNullGraphType<StringGraphType>>("fileName").Description("The file's name.");
        Field<NonNullGraphType<LongScalar>>("byteSize").Description("Its size in bytes.");
        Field<StringGraphType>("contentType").Description("Its media type. What arrives must be of it; leave it out where it is only guessed from the name.");
        Field<StringGraphType>("contentHash").Description("Its SHA-256, hexadecimal. What arrives must have it.");
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new BeginUploadInput(
        value.Optional<string>("uploadId"), value.Required<string>("fileName"), value.Required<long>("byteSize"), value.Optional<string>("contentType"), value.Optional<string>("contentHash"));
}

internal sealed record BeginUploadPayload : Payload
{
    public UploadTarget? Upload { get; init; }
}

internal sealed class BeginUploadPayloadType : PayloadType<BeginUploadPayload, BeginUploadErrorType>
{
    public BeginUploadPayloadType() : base("BeginUpload")
    {
        Field<UploadTargetType>("upload").Description("The upload; null when there were errors.").Resolve(p => p.Source.Upload);
        Errors();
    }
}

internal sealed class BeginUploadErrorType() : ErrorUnionType("BeginUpload",
    typeof(ImageTooLargeErrorType), typeof(EmptyFileErrorType), typeof(QuotaExceededErrorType), typeof(UploadNotFoundErrorType));

internal static class BeginUpload
{
    public static async Task<BeginUploadPayload> ResolveAsync(BeginUploadInput input, IResolveFieldContext context)
    {
        var uploads = context.Service<DirectUploads>();
        var plan = UploadPlan.Parse(input.FileName, input.ByteSize, input.ContentType, input.ContentHash, context.Service<ImageLimits>());
        if (input.UploadId is null)
        {
            var begun = await uploads.BeginAsync(context.Owner(), plan, context.CancellationToken);
            return new BeginUploadPayload { Upload = new UploadTarget(begun, new HashSet<int>()) };
        }
        var upload = await uploads.ResumeAsync(context.Owner(), UploadIds.Parse(input.UploadId), plan, context.CancellationToken);
        return new BeginUploadPayload { Upload = new UploadTarget(upload, await uploads.ReceivedAsync(upload, context.CancellationToken)) };
    }
}
