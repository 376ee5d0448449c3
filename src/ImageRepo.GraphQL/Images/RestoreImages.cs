using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Mutations;

namespace ImageRepo.GraphQL.Images;

internal sealed record RestoreImagesInput(IReadOnlyList<string> Ids);

internal sealed class RestoreImagesInputType : InputObjectGraphType
{
    public RestoreImagesInputType()
    {
        Name = "RestoreImagesInput";
        Description = "Images to take out of the trash. What could be done is done; each error names its image.";
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<IdGraphType>>>>("ids").Description("The images.");
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new RestoreImagesInput(value.Strings("ids"));
}

internal sealed record RestoreImagesPayload : Payload
{
    public IReadOnlyList<Image>? Images { get; init; }
}

internal sealed class RestoreImagesPayloadType : PayloadType<RestoreImagesPayload, RestoreImagesErrorType>
{
    public RestoreImagesPayloadType() : base("RestoreImages")
    {
        Field<ListGraphType<NonNullGraphType<ImageType>>>("images").Description("The images that are out of the trash.").Resolve(p => p.Source.Images)
            .ListSize(100);
        Errors();
    }
}

internal sealed class RestoreImagesErrorType() : ErrorUnionType("RestoreImages",
    typeof(ImageNotFoundErrorType), typeof(DuplicateImageErrorType), typeof(QuotaExceededErrorType), typeof(TooManyImagesErrorType));

internal static class RestoreImages
{
    public static async Task<RestoreImagesPayload> ResolveAsync(RestoreImagesInput input, IResolveFieldContext context)
    {
        var (ids, errors) = ImageIds.ParseAll(input.Ids, context.Service<ImageLimits>());
        var restored = await context.Service<IImageLibrary>().RestoreAsync(context.Owner(), ids, context.CancellationToken);
        return new RestoreImagesPayload
        {
            Images = restored.Done,
            Errors = Payload.AllOf(errors, restored.Errors),
        };
    }
}
