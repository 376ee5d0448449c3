using GraphQL.Conversion;
using GraphQL.Types;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Nodes;
using ImageRepo.GraphQL.Scalars;
using ImageRepo.GraphQL.Subscriptions;

namespace ImageRepo.GraphQL;

/// <summary>The schema, written in code. See contract tests and <c>schema.graphql</c> for what it looks like to clients.</summary>
internal sealed class ImageRepoSchema : Schema
{
    public ImageRepoSchema(IServiceProvider services) : base(new GraphTypes(services))
    {
        NameConverter = AsWritten.Instance;
        Features.RepeatableDirectives = true;
        Features.DeprecationOfInputValues = true;
        Directives.Register(new SpecifiedByDirective());
        Directives.Register(new CostDirective());
        Directives.Register(new ListSizeDirective());
        RegisterVisitor(new IntrospectionAdditions());
        RegisterVisitor(new CostDefaults());
        Query = new QueryType();
        Mutation = new MutationType();
        Subscription = new SubscriptionType();
        RegisterType<ErrorInterfaceType>();
        RegisterType<NodeType>();
    }

    private void RegisterType<T>() where T : IGraphType => RegisterType(typeof(T));

    /// <summary>Graph types need nothing injected: what resolvers need comes from the request.</summary>
    private sealed class GraphTypes(IServiceProvider services) : IServiceProvider
    {
        public object? GetService(Type type) => services.GetService(type)
            ?? (typeof(IGraphType).IsAssignableFrom(type) && type is { IsClass: true, IsAbstract: false } ? Activator.CreateInstance(type) : null);
    }

    /// <summary>Names stand in the code as they stand in the schema.</summary>
    private sealed class AsWritten : INameConverter
    {
        public static AsWritten Instance { get; } = new();

        public string NameForField(string fieldName, IComplexGraphType parentGraphType) => fieldName;

        public string NameForArgument(string argumentName, IComplexGraphType parentGraphType, FieldType field) => argumentName;
    }
}
