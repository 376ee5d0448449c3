using GraphQL;
using GraphQL.Types;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Filtering;
using ImageRepo.GraphQL.Paging;
using ImageRepo.Infrastructure.Persistence;

namespace ImageRepo.GraphQL.Tags;

internal sealed class TagType : ObjectGraphType<OwnerTagCount>
{
    public TagType()
    {
        Name = "Tag";
        Description = "A word of the caller's vocabulary.";
        Field<NonNullGraphType<StringGraphType>>("name").Description("The tag: trimmed, lower case.").Resolve(t => t.Source.Tag!.Name.Value);
        Field<NonNullGraphType<IntGraphType>>("imageCount").Description("How many images outside the trash carry it.").Resolve(t => t.Source.Count);
    }
}

internal sealed class TagsConnectionType : ObjectGraphType<TagsConnection>
{
    public TagsConnectionType()
    {
        Name = "TagsConnection";
        Description = "A page of tags.";
        Field<NonNullGraphType<PageInfoType>>("pageInfo").Description("Where the page lies within the list.").Resolve(c => c.Source.Page.Info);
        Field<ListGraphType<NonNullGraphType<TagsEdgeType>>>("edges").Description("The tags with their cursors.")
            .Resolve(c => c.Source.Page.Rows.Select(r => new TagsEdge(r.Cursor, r.Row)));
        Field<ListGraphType<NonNullGraphType<TagType>>>("nodes").Description("The tags.").Resolve(c => c.Source.Page.Rows.Select(r => r.Row));
        Field<NonNullGraphType<IntGraphType>>("totalCount").Description("How many tags match, on all pages.")
            .ResolveAsync(async c => await c.Source.CountAsync(c.CancellationToken))
            .Costs();
    }
}

internal sealed record TagsEdge(string Cursor, OwnerTagCount Node);

internal sealed class TagsEdgeType : ObjectGraphType<TagsEdge>
{
    public TagsEdgeType()
    {
        Name = "TagsEdge";
        Description = "A tag and its place in a list.";
        Field("cursor", e => e.Cursor).Description("The place, to page from.");
        Field<NonNullGraphType<TagType>>("node").Description("The tag.").Resolve(e => e.Source.Node);
    }
}

internal sealed class TagFilterInputType : FilterInputType
{
    public TagFilterInputType()
    {
        Name = "TagFilterInput";
        Description = "Conditions on a tag, all of which must hold.";
        Combinable();
        Member<OwnerTagCount, Domain.Images.TagName>("name", typeof(StringOperationFilterInputType), "By its name; what is written is lower-cased first, as tags are.", t => t.Tag!.Name);
        Member<OwnerTagCount, int>("imageCount", typeof(IntOperationFilterInputType), "By how many images outside the trash carry it.", t => t.Count);
    }
}

internal sealed class TagSortInputType : InputObjectGraphType
{
    public TagSortInputType()
    {
        Name = "TagSortInput";
        Description = "One key of an order. Write one field an entry; of several, this is their sequence.";
        Field<SortEnumType>("name").Description("By its name.");
        Field<SortEnumType>("imageCount").Description("By how many images outside the trash carry it.");
    }
}
