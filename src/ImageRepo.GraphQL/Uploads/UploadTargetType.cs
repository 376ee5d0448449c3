using GraphQL.Types;
using ImageRepo.Domain.Uploads;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Scalars;

namespace ImageRepo.GraphQL.Uploads;

internal sealed record UploadTarget(Upload Upload, IReadOnlySet<int> Received);

internal sealed record UploadPart(int Number, PartTarget Target, bool IsReceived);

internal sealed class UploadTargetType : ObjectGraphType<UploadTarget>
{
    public const string TypeName = "UploadTarget";

    public UploadTargetType()
    {
        Name = TypeName;
        Description = "An upload under way: where its parts are to be sent.";
        Field<NonNullGraphType<IdGraphType>>("id").Description("Names the upload, to go on with it and to complete it.").Resolve(t => UploadIds.Write(t.Source.Upload.Id));
        Field<NonNullGraphType<LongScalar>>("partSize").Description("Bytes of each part; the last is what remains.").Resolve(t => t.Source.Upload.PartSize);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<UploadPartType>>>>("parts").Description("All parts, in their order; those that are received need not be sent again.")
            .Resolve(t =>
            {
                var targets = t.Service<IPartTargets>();
                return Enumerable.Range(1, t.Source.Upload.PartCount).Select(part => new UploadPart(part, targets.Create(t.Source.Upload, part), t.Source.Received.Contains(part)));
            })
            .ListSize(Upload.MaxParts);
        Field<NonNullGraphType<DateTimeScalar>>("expiresAt").Description("When the upload ends and what was sent of it is thrown away.").Resolve(t => t.Source.Upload.ExpiresAt);
    }
}

internal sealed class UploadPartType : ObjectGraphType<UploadPart>
{
    public UploadPartType()
    {
        Name = "UploadPart";
        Description = "A piece of the file and where it is to be sent: by PUT, alone in the body, with exactly its length. Parts may be sent in parallel and again.";
        Field("number", p => p.Number).Description("From 1: the part begins at byte (number - 1) * partSize of the file.");
        Field<NonNullGraphType<UrlScalar>>("url").Description("The absolute address; whoever has it may send the part.").Resolve(p => new Uri(p.Request().BaseUrl, p.Source.Target.Url));
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<HttpHeaderType>>>>("headers").Description("To be sent with the part.").Resolve(p => p.Source.Target.Headers);
        Field("isReceived", p => p.IsReceived).Description("Whether it has arrived already.");
    }
}

internal sealed class HttpHeaderType : ObjectGraphType<KeyValuePair<string, string>>
{
    public HttpHeaderType()
    {
        Name = "HttpHeader";
        Description = "A header of a request.";
        Field<NonNullGraphType<StringGraphType>>("name").Description("Its name.").Resolve(h => h.Source.Key);
        Field<NonNullGraphType<StringGraphType>>("value").Description("Its value.").Resolve(h => h.Source.Value);
    }
}
