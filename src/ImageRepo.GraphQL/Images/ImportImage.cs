using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Imports;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Mutations;
using ImageRepo.GraphQL.Scalars;

namespace ImageRepo.GraphQL.Images;

internal sealed record ImportImageInput(Uri Url, OwnersWords Words);

internal sealed class ImportImageInputType : InputObjectGraphType
{
    public ImportImageInputType()
    {
        Name = "ImportImageInput";
        Description = "Where an image lies, and what its owner says about it.";
        Field<NonNullGraphType<UrlScalar>>("url").Description("An http or https address on the public internet, port 80 or 443, without a user name. Redirects are followed.");
        OwnersWords.AddFields(this);
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new ImportImageInput(value.Required<Uri>("url"), OwnersWords.Read(value));
}

internal sealed record ImportImagePayload : NewImagePayload;

internal sealed class ImportImagePayloadType() : NewImagePayloadType<ImportImagePayload, ImportImageErrorType>("ImportImage");

internal sealed class ImportImageErrorType() : ErrorUnionType("ImportImage",
    typeof(ImageTooLargeErrorType), typeof(ImageDimensionsTooLargeErrorType), typeof(UnsupportedImageFormatErrorType), typeof(CorruptImageErrorType),
    typeof(EmptyFileErrorType), typeof(QuotaExceededErrorType), typeof(InvalidTagErrorType), typeof(UnreachableUrlErrorType), typeof(ForbiddenUrlErrorType));

internal sealed class UnreachableUrlErrorType : ErrorType<UnreachableUrlException>
{
    public UnreachableUrlErrorType() : base("Nobody answered at the address in time, or not with a file.")
    {
        Field<NonNullGraphType<UrlScalar>>("url").Description("The address that was asked for.").Resolve(e => e.Source.Url);
        Field("statusCode", e => e.StatusCode, nullable: true).Description("The HTTP status of the answer; null when there was none.");
    }
}

internal sealed class ForbiddenUrlErrorType : ErrorType<ForbiddenUrlException>
{
    public ForbiddenUrlErrorType() : base("The address, or one that it leads to, is none that is fetched.") =>
        Field<NonNullGraphType<UrlScalar>>("url").Description("The address that was asked for.").Resolve(e => e.Source.Url);
}

internal static class ImportImage
{
    public static async Task<ImportImagePayload> ResolveAsync(ImportImageInput input, IResolveFieldContext context)
    {
        var details = input.Words.Parse(context.Service<ImageLimits>());
        return NewImagePayload.Of<ImportImagePayload>(await context.Service<ImageImporter>().ImportAsync(context.Owner(), input.Url, details, context.CancellationToken));
    }
}
