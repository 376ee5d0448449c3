using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Mutations;
using ImageRepo.GraphQL.Scalars;

namespace ImageRepo.GraphQL.Images;

internal sealed record UpdateImageInput(string Id, ImageEdit Edit);

internal sealed class UpdateImageInputType : InputObjectGraphType
{
    public UpdateImageInputType()
    {
        Name = "UpdateImageInput";
        Description = "Changes to an image. A field that is left out stays as it is, null clears it.";
        Field<NonNullGraphType<IdGraphType>>("id").Description("The image.");
        Field<StringGraphType>("fileName").Description("Its file name; it can't be cleared.");
        Field<StringGraphType>("altText").Description("What a screen reader should say; cleared, the description is said.");
        Field<StringGraphType>("description").Description("What the picture shows; cleared, the analyzer's words are shown.");
        Field<DateTimeScalar>("takenAt").Description("When it was taken; cleared, the camera's time is shown.");
        Field<BooleanGraphType>("isFavorite").Description("Whether it is marked; cleared, it is not.");
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new UpdateImageInput(value.Required<string>("id"), new ImageEdit
    {
        FileName = value.Change<string>("fileName"),
        AltText = value.Change<string>("altText"),
        Description = value.Change<string>("description"),
        TakenAt = value.Change<DateTimeOffset?>("takenAt"),
        IsFavorite = value.Change<bool?>("isFavorite") is { IsSet: true } favorite ? favorite.Value ?? false : default(Change<bool>),
    });
}

internal sealed record UpdateImagePayload : Payload
{
    public Image? Image { get; init; }
}

internal sealed class UpdateImagePayloadType : PayloadType<UpdateImagePayload, UpdateImageErrorType>
{
    public UpdateImagePayloadType() : base("UpdateImage")
    {
        Field<ImageType>("image").Description("The image; null when there were errors.").Resolve(p => p.Source.Image);
        Errors();
    }
}

internal sealed class UpdateImageErrorType()
    : ErrorUnionType("UpdateImage", typeof(ImageNotFoundErrorType), typeof(InvalidTextErrorType), typeof(ConcurrentEditErrorType));

internal static class UpdateImage
{
    public static async Task<UpdateImagePayload> ResolveAsync(UpdateImageInput input, IResolveFieldContext context)
    {
        var now = context.Service<TimeProvider>().GetUtcNow();
        var changed = await context.Service<IImageLibrary>()
            .ChangeAsync(context.Owner(), [ImageIds.Parse(input.Id)], image => image.Edit(input.Edit, now), context.CancellationToken);
        return changed.Errors.Count == 0 ? new UpdateImagePayload { Image = changed.Done[0] } : throw changed.Errors[0];
    }
}
