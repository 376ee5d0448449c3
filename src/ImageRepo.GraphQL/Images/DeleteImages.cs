using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Mutations;

namespace ImageRepo.GraphQL.Images;

internal sealed record DeleteImagesInput(IReadOnlyList<string> Ids, bool Permanently);

internal sealed class DeleteImagesInputType : InputObjectGraphType
{
    public DeleteImagesInputType()
    {
        Name = "DeleteImagesInput";
        Description = "Images to delete. What could be done is done; each error names its image.";
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<IdGraphType>>>>("ids").Description("The images.");
        Field<NonNullGraphType<BooleanGraphType>>("permanently").DefaultValue(false)
            .Description("False: into the trash, for 30 days. True: the images and all that was stored for them are gone at once.");
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new DeleteImagesInput(value.Strings("ids"), value.Required<bool>("permanently"));
}

internal sealed record DeleteImagesPayload : Payload
{
    public IReadOnlyList<ImageId>? DeletedIds { get; init; }
}

internal sealed class DeleteImagesPayloadType : PayloadType<DeleteImagesPayload, DeleteImagesErrorType>
{
    public DeleteImagesPayloadType() : base("DeleteImages")
    {
        Field<ListGraphType<NonNullGraphType<IdGraphType>>>("deletedIds").Description("The global ids of the images that were deleted.")
            .Resolve(p => p.Source.DeletedIds?.Select(ImageType.IdOf));
        Errors();
    }
}

internal sealed class DeleteImagesErrorType() : ErrorUnionType("DeleteImages", typeof(ImageNotFoundErrorType), typeof(TooManyImagesErrorType));

internal static class DeleteImages
{
    public static async Task<DeleteImagesPayload> ResolveAsync(DeleteImagesInput input, IResolveFieldContext context)
    {
        var (ids, errors) = ImageIds.ParseAll(input.Ids, context.Service<ImageLimits>());
        var library = context.Service<IImageLibrary>();
        if (input.Permanently)
        {
            var purged = await library.PurgeAsync(context.Owner(), ids, trashedBefore: null, context.CancellationToken);
            return new DeleteImagesPayload { DeletedIds = purged.Done, Errors = Payload.AllOf(errors, purged.Errors) };
        }
        var now = context.Service<TimeProvider>().GetUtcNow();
        var trashed = await library.ChangeAsync(context.Owner(), ids, image => image.Trash(now), context.CancellationToken);
        return new DeleteImagesPayload { DeletedIds = [.. trashed.Done.Select(i => i.Id)], Errors = Payload.AllOf(errors, trashed.Errors) };
    }
}
