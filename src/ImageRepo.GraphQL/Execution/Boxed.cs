using System.Linq.Expressions;

namespace ImageRepo.GraphQL.Execution;

/// <summary>Values in queries that are built at run time: as members of an object they become parameters of the SQL, as constants they would cost a new plan each.</summary>
internal static class Boxed
{
    public static Expression Parameter<T>(T value) => Parameter(value, typeof(T));

    public static Expression Parameter(object? value, Type type)
    {
        var box = Activator.CreateInstance(typeof(Box<>).MakeGenericType(type), value)!;
        return Expression.Field(Expression.Constant(box), nameof(Box<object>.Value));
    }

    private sealed class Box<T>(T value)
    {
        public readonly T Value = value;
    }
}

/// <summary>Puts one expression in the place of another, to compose lambdas over one parameter.</summary>
internal sealed class Replacement(Expression sought, Expression replacement) : ExpressionVisitor
{
    public override Expression? Visit(Expression? node) => node == sought ? replacement : base.Visit(node);

    /// <summary>The lambda's body with its parameter replaced.</summary>
    public static Expression Inline(LambdaExpression lambda, Expression argument) =>
        new Replacement(lambda.Parameters[0], argument).Visit(lambda.Body)!;
}
