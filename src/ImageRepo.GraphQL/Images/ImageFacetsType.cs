using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain.Colors;
using ImageRepo.GraphQL.Colors;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Paging;

namespace ImageRepo.GraphQL.Images;

internal sealed class ImageFacetsType : ObjectGraphType<ImageTotals>
{
    public ImageFacetsType()
    {
        Name = "ImageFacets";
        Description = "What a list of images has in common. Images in the trash count by their year alone.";
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<TagFacetType>>>>("tags").Description("The tags, most frequent first.")
            .Argument<NonNullGraphType<IntGraphType>>("first", $"How many, at most {PageRequest.MaxSize}.", argument => argument.DefaultValue = 20)
            .ResolveAsync(async c => await c.Source.TagsAsync(PageRequest.Create(c.GetArgument<int>("first"), null, null, null).Size, c.CancellationToken))
            .Costs().ListSize(PageRequest.MaxSize, defaultSize: 20);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<ColorFacetType>>>>("colors").Description("The named colours in the palettes, most frequent first.")
            .ResolveAsync(async c => await c.Source.ColorsAsync(c.CancellationToken))
            .Costs().ListSize(Enum.GetValues<NamedColor>().Length);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<YearFacetType>>>>("years").Description("The years, most frequent first.")
            .ResolveAsync(async c => await c.Source.YearsAsync(c.CancellationToken))
            .Costs().ListSize(30);
    }
}

internal sealed class TagFacetType : ObjectGraphType<TagFacet>
{
    public TagFacetType()
    {
        Name = "TagFacet";
        Description = "A tag and how often it occurs.";
        Field("name", f => f.Name).Description("The tag.");
        Field("count", f => f.Count).Description("How many images carry it.");
    }
}

internal sealed class ColorFacetType : ObjectGraphType<ColorFacet>
{
    public ColorFacetType()
    {
        Name = "ColorFacet";
        Description = "A named colour and how often it occurs.";
        Field<NonNullGraphType<NamedColorType>>("name").Description("The colour.").Resolve(f => f.Source.Name);
        Field("count", f => f.Count).Description("How many images have it in their palette.");
    }
}

internal sealed class YearFacetType : ObjectGraphType<YearFacet>
{
    public YearFacetType()
    {
        Name = "YearFacet";
        Description = "A year in UTC and how often it occurs.";
        Field("year", f => f.Year).Description("The year in which the images were taken, or uploaded where that is unknown.");
        Field("count", f => f.Count).Description("How many images are of it.");
    }
}
