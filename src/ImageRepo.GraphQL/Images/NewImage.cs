using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Mutations;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.GraphQL.Images;

// What every way in has in common.

/// <summary>What the owner says about an image that is on its way in, as it was written.</summary>
internal sealed record OwnersWords(string? AltText, string? Description, IReadOnlyList<string> Tags)
{
    public static void AddFields(InputObjectGraphType input)
    {
        input.Field<StringGraphType>("altText").Description("What a screen reader should say.");
        input.Field<StringGraphType>("description").Description("What the picture shows.");
        input.Field<ListGraphType<NonNullGraphType<StringGraphType>>>("tags").Description("Tags; upper case and surrounding blanks don't matter.");
    }

    public static OwnersWords Read(IDictionary<string, object?> fields) =>
        new(fields.Optional<string>("altText"), fields.Optional<string>("description"), fields.Strings("tags"));

    public UploadDetails Parse(ImageLimits limits) => UploadDetails.Parse(AltText, Description, Tags, limits);
}

internal abstract record NewImagePayload : Payload
{
    public Image? Image { get; init; }
    public bool? IsDuplicate { get; init; }

    public static T Of<T>(UploadedImage uploaded) where T : NewImagePayload, new() => new() { Image = uploaded.Image, IsDuplicate = uploaded.IsDuplicate };
}

internal abstract class NewImagePayloadType<TPayload, TError> : PayloadType<TPayload, TError> where TPayload : NewImagePayload where TError : ErrorUnionType
{
    protected NewImagePayloadType(string mutation) : base(mutation)
    {
        Field<ImageType>("image").Description("The image; null when there were errors.").Resolve(p => p.Source.Image);
        Field<BooleanGraphType>("isDuplicate").Description("Whether the same bytes were in the library already, so that `image` is that one.").Resolve(p => p.Source.IsDuplicate);
        Field<ImageType>("samePicture")
            .Description("Another image of the caller, not in the trash, that shows exactly the same picture with other metadata; the oldest, or null. Told for JPEG and PNG; both are kept.")
            .ResolveAsync(async p => p.Source.Image is { PictureHash: { } hash, Id: var id }
                ? await p.Db().Images.Where(i => i.PictureHash == hash && i.Id != id && i.DeletedAt == null).OrderBy(i => i.Id).FirstOrDefaultAsync(p.CancellationToken)
                : null)
            .Costs();
        Errors();
    }
}
