using GraphQL;
using GraphQL.Builders;
using GraphQL.Resolvers;

namespace ImageRepo.GraphQL.Execution;

internal static class FieldAuthorization
{
    public const string NotAuthenticated = "AUTH_NOT_AUTHENTICATED";
    public const string NotAuthorized = "AUTH_NOT_AUTHORIZED";

    /// <exception cref="ExecutionError">The caller lacks the permission.</exception>
    public static void Demand(IResolveFieldContext context, Permission permission)
    {
        var caller = context.Request().Caller;
        if (!caller.May(permission))
        {
            throw new ExecutionError("The current user is not authorized to access this resource.") { Code = caller.Owner is null ? NotAuthenticated : NotAuthorized };
        }
    }

    /// <summary>Lets the field resolve only for a caller with the permission; for others it is null with an error. Called after the resolver is set.</summary>
    public static FieldBuilder<TSource, TReturn> Require<TSource, TReturn>(this FieldBuilder<TSource, TReturn> field, Permission permission)
    {
        var resolver = field.FieldType.Resolver ?? throw new InvalidOperationException($"The field {field.FieldType.Name} has no resolver to protect.");
        field.FieldType.Resolver = new AuthorizedResolver(resolver, permission);
        return field;
    }

    private sealed class AuthorizedResolver(IFieldResolver resolver, Permission permission) : IFieldResolver
    {
        public ValueTask<object?> ResolveAsync(IResolveFieldContext context)
        {
            Demand(context, permission);
            return resolver.ResolveAsync(context);
        }
    }
}
