using GraphQL.Types;
using ImageRepo.Domain;
using ImageRepo.Domain.Uploads;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Nodes;

namespace ImageRepo.GraphQL.Uploads;

/// <summary>What a client wrote is not the id of any upload. It looks the same as the id of an upload that is not there.</summary>
internal sealed class UnreadableUploadIdException(string id) : DomainException(new UploadNotFoundException(default).Message)
{
    public string Id { get; } = id;
}

internal sealed class UploadNotFoundErrorType : ObjectGraphType<DomainException>
{
    public UploadNotFoundErrorType()
    {
        Name = "UploadNotFoundError";
        Description = "The caller has no such upload under way.";
        Interface<ErrorInterfaceType>();
        IsTypeOf = error => error is UploadNotFoundException or UnreadableUploadIdException;
        Field("message", e => e.Message).Description("The problem and the limit, in words for the caller.");
        Field<NonNullGraphType<IdGraphType>>("uploadId").Description("The id that was asked for.")
            .Resolve(e => e.Source is UploadNotFoundException missing ? UploadIds.Write(missing.UploadId) : ((UnreadableUploadIdException)e.Source).Id);
    }
}

internal sealed class UploadIncompleteErrorType : ErrorType<UploadIncompleteException>
{
    public UploadIncompleteErrorType() : base("Parts of the upload have not arrived.") =>
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<IntGraphType>>>>("missingParts").Description("The numbers of the parts that are missing.").Resolve(e => e.Source.MissingParts);
}

internal sealed class ContentHashMismatchErrorType() : ErrorType<ContentHashMismatchException>("The bytes that arrived have another hash than was said.");

/// <summary>Global ids of uploads.</summary>
internal static class UploadIds
{
    public static string Write(UploadId id) => GlobalId.Encode(UploadTargetType.TypeName, id.Value);

    public static UploadId Parse(string text) =>
        GlobalId.TryDecode(text, UploadTargetType.TypeName, out var id) ? new UploadId(id) : throw new UnreadableUploadIdException(text);
}
