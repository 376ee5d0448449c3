using GraphQL.Types;

namespace ImageRepo.GraphQL.Nodes;

internal sealed class NodeType : InterfaceGraphType
{
    public NodeType()
    {
        Name = "Node";
        Description = "What can be fetched again by its global id.";
        Field<NonNullGraphType<IdGraphType>>("id").Description("The global id.");
    }
}
