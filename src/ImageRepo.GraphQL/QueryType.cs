using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Images;
using ImageRepo.GraphQL.Nodes;
using ImageRepo.GraphQL.Paging;
using ImageRepo.GraphQL.Tags;
using ImageRepo.GraphQL.Users;

namespace ImageRepo.GraphQL;

internal sealed class QueryType : ObjectGraphType
{
    public QueryType()
    {
        Name = "Query";
        Description = "What can be read. A root field that the caller may not read is null with an error; the others answer.";
        Field<NodeType>("node").Description("Anything by its global id; null when there is no such thing or it is not the caller's.")
            .Argument<NonNullGraphType<IdGraphType>>("id", "The global id.")
            .ResolveAsync(c => NodeResolver.ResolveAsync(c, c.GetArgument<string>("id")))
            .Costs()
            .Require(Permission.Read);
        Field<NonNullGraphType<ListGraphType<NodeType>>>("nodes").Description($"Several things by their global ids, in the order asked for; at most {NodeResolver.MaxNodes}.")
            .Argument<NonNullGraphType<ListGraphType<NonNullGraphType<IdGraphType>>>>("ids", "The global ids.")
            .ResolveAsync(async c => await NodeResolver.ResolveAllAsync(c, c.GetArgument<List<string>>("ids")))
            .Costs().ListSize(NodeResolver.MaxNodes)
            .Require(Permission.Read);
        Field<UserType>("me").Description("The caller's account; null for somebody who is not signed in.")
            .ResolveAsync(async c => c.Request().Caller.Owner is { } owner ? await UserType.FindAsync(c, owner.Value) : null)
            .Costs();
        Field<ImageType>("image").Description("One of the caller's images, also from the trash; null when there is none with this id.")
            .Argument<NonNullGraphType<IdGraphType>>("id", "The image's global id.")
            .Resolve(c => GlobalId.TryDecode(c.GetArgument<string>("id"), ImageType.TypeName, out var id) ? c.Service<ImageLoader>().Load(c, new ImageId(id)) : null)
            .Costs()
            .Require(Permission.Read);
        Field<ImagesConnectionType>("images")
            .Description($"The caller's own images, {PageRequest.DefaultSize} a page, newest first unless ordered. Trash is left out unless `where` asks for it.")
            .Paged()
            .Argument<StringGraphType>("search", "Words that must all be there, `\"words in a row\"` in quotes, and words that must not be there after a minus; the last word also matches as a beginning.")
            .Argument<ImageFilterInputType>("where", "Conditions on the images.")
            .Argument<ListGraphType<NonNullGraphType<ImageSortInputType>>>("order", "The keys to order by; equals are newest first.")
            .ResolveAsync(async c => await ImageList.ResolveAsync(c))
            .Require(Permission.Read);
        Field<TagsConnectionType>("tags")
            .Description($"The caller's own vocabulary: every tag of an image outside the trash, {PageRequest.DefaultSize} a page, most used first unless ordered. For completion ask by `startsWith`.")
            .Paged()
            .Argument<TagFilterInputType>("where", "Conditions on the tags.")
            .Argument<ListGraphType<NonNullGraphType<TagSortInputType>>>("order", "The keys to order by; equals are in the order of their names.")
            .ResolveAsync(async c => await TagList.ResolveAsync(c))
            .Require(Permission.Read);
    }
}
