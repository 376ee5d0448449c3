using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Mutations;

namespace ImageRepo.GraphQL.Images;

internal sealed record TagImagesInput(IReadOnlyList<string> Ids, IReadOnlyList<string> Add, IReadOnlyList<string> Remove);

internal sealed class TagImagesInputType : InputObjectGraphType
{
    public TagImagesInputType()
    {
        Name = "TagImagesInput";
        Description = "Tags to put on images and to take off them. What could be done is done; each error names its image or tag.";
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<IdGraphType>>>>("ids").Description("The images.");
        Field<ListGraphType<NonNullGraphType<StringGraphType>>>("add").Description("Tags to add; they are the owner's from now on.");
        Field<ListGraphType<NonNullGraphType<StringGraphType>>>("remove").Description("Tags to remove first; an analyzer's tag that is removed does not come back.");
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new TagImagesInput(value.Strings("ids"), value.Strings("add"), value.Strings("remove"));
}

internal sealed record TagImagesPayload : Payload
{
    public IReadOnlyList<Image>? Images { get; init; }
}

internal sealed class TagImagesPayloadType : PayloadType<TagImagesPayload, TagImagesErrorType>
{
    public TagImagesPayloadType() : base("TagImages")
    {
        Field<ListGraphType<NonNullGraphType<ImageType>>>("images").Description("The images as they are now.").Resolve(p => p.Source.Images)
            .ListSize(100);
        Errors();
    }
}

internal sealed class TagImagesErrorType()
    : ErrorUnionType("TagImages", typeof(ImageNotFoundErrorType), typeof(InvalidTagErrorType), typeof(TooManyTagsErrorType), typeof(TooManyImagesErrorType));

internal static class TagImages
{
    public static async Task<TagImagesPayload> ResolveAsync(TagImagesInput input, IResolveFieldContext context)
    {
        var limits = context.Service<ImageLimits>();
        var (ids, errors) = ImageIds.ParseAll(input.Ids, limits);
        var (add, unaddable) = Parse(input.Add);
        var (remove, unremovable) = Parse(input.Remove);
        var now = context.Service<TimeProvider>().GetUtcNow();
        var tagged = await context.Service<IImageLibrary>()
            .ChangeAsync(context.Owner(), ids, image => image.Retag(add, remove, limits, now), context.CancellationToken);
        return new TagImagesPayload
        {
            Images = tagged.Done,
            Errors = Payload.AllOf(errors, unaddable, unremovable, tagged.Errors),
        };
    }

    private static (List<TagName> Names, List<DomainException> Errors) Parse(IReadOnlyList<string> tags)
    {
        List<TagName> names = [];
        List<DomainException> errors = [];
        foreach (var tag in tags.Distinct())
        {
            try
            {
                names.Add(TagName.Parse(tag));
            }
            catch (InvalidTagException invalid)
            {
                errors.Add(invalid);
            }
        }
        return ([.. names.Distinct()], errors);
    }
}
