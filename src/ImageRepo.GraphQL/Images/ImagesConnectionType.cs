using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Paging;

namespace ImageRepo.GraphQL.Images;

internal sealed record ImagesConnection(Page<Image> Page, ImageTotals Totals);

internal sealed record ImagesEdge(string Cursor, Image Node);

internal sealed class ImagesConnectionType : ObjectGraphType<ImagesConnection>
{
    public ImagesConnectionType()
    {
        Name = "ImagesConnection";
        Description = "A page of images.";
        Field<NonNullGraphType<PageInfoType>>("pageInfo").Description("Where the page lies within the list.").Resolve(c => c.Source.Page.Info);
        Field<ListGraphType<NonNullGraphType<ImagesEdgeType>>>("edges").Description("The images with their cursors.")
            .Resolve(c => c.Source.Page.Rows.Select(r => new ImagesEdge(r.Cursor, r.Row)));
        Field<ListGraphType<NonNullGraphType<ImageType>>>("nodes").Description("The images.").Resolve(c => c.Source.Page.Rows.Select(r => r.Row));
        Field<NonNullGraphType<IntGraphType>>("totalCount").Description($"How many images match, on all pages; a filter's matches are counted up to {ImageTotals.Limit}.")
            .ResolveAsync(async c => (await c.Source.Totals.CountAsync(c.CancellationToken)).Count)
            .Costs();
        Field<NonNullGraphType<BooleanGraphType>>("totalCountIsExact").Description("False when there are more images than `totalCount` says.")
            .ResolveAsync(async c => (await c.Source.Totals.CountAsync(c.CancellationToken)).IsExact);
        Field<NonNullGraphType<ImageFacetsType>>("facets")
            .Description($"Counts under the current search and filter, most frequent first; of the newest {ImageTotals.Limit} images that match it.")
            .Resolve(c => c.Source.Totals);
    }
}

internal sealed class ImagesEdgeType : ObjectGraphType<ImagesEdge>
{
    public ImagesEdgeType()
    {
        Name = "ImagesEdge";
        Description = "An image and its place in a list.";
        Field("cursor", e => e.Cursor).Description("The place, to page from.");
        Field<NonNullGraphType<ImageType>>("node").Description("The image.").Resolve(e => e.Source.Node);
    }
}
