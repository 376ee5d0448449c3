using GraphQL.Types;

namespace ImageRepo.GraphQL.Errors;

internal sealed class ErrorInterfaceType : InterfaceGraphType
{
    public ErrorInterfaceType()
    {
        Name = "Error";
        Description = "Why something that was asked for was not done.";
        Field<NonNullGraphType<StringGraphType>>("message").Description("The problem and the limit, in words for the caller.");
    }
}
