using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Execution;

namespace ImageRepo.GraphQL.Mutations;

internal static class MutationResolver
{
    public const string ErrorsField = "errors";

    /// <summary>
    /// Adds a mutation by the conventions: one input, one payload, and the domain exceptions of the payload's union as its errors.
    /// Any other domain exception is an error of the field.
    /// </summary>
    public static void Mutation<TInputType, TPayloadType, TInput, TPayload>(
        this ObjectGraphType mutations, string name, string description, Func<TInput, IResolveFieldContext, Task<TPayload>> resolve)
        where TInputType : InputObjectGraphType
        where TPayloadType : IObjectGraphType
        where TInput : class
        where TPayload : Payload, new() =>
        mutations.Field<NonNullGraphType<TPayloadType>>(name).Description(description)
            .Argument<NonNullGraphType<TInputType>>("input", "What is to be done.")
            .ResolveAsync(async context =>
            {
                try
                {
                    return await resolve((TInput)context.GetArgument<object>("input"), context);
                }
                catch (DomainException refused) when (ErrorsOf(context).Includes(refused))
                {
                    return new TPayload { Errors = [refused] };
                }
            })
            .Costs()
            .Require(Permission.Write);

    private static ErrorUnionType ErrorsOf(IResolveFieldContext context) =>
        (ErrorUnionType)((IObjectGraphType)context.FieldDefinition.ResolvedType!.GetNamedType()).Fields.Find(ErrorsField)!.ResolvedType!.GetNamedType();
}
