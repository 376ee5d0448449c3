using System.Linq.Expressions;
using System.Reflection;
using GraphQL.Types;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Scalars;

namespace ImageRepo.GraphQL.Filtering;

/// <summary>Conditions on one value: equal, or one of several.</summary>
internal abstract class EqualityFilterInputType : FilterInputType
{
    private static readonly MethodInfo Contains = typeof(Enumerable).GetMethods()
        .Single(m => m.Name == nameof(Enumerable.Contains) && m.GetParameters().Length == 2);

    protected void Equality(Type scalar)
    {
        Single(scalar);
        var list = typeof(ListGraphType<>).MakeGenericType(scalar);
        Condition("in", list, "Is one of these; an empty list matches nothing.", (value, source, _) => IsIn(value, source, "in"));
        Condition("nin", list, "Is none of these; an empty list matches everything.", (value, source, _) => Expression.Not(IsIn(value, source, "nin")));
    }

    protected void Single(Type scalar)
    {
        Condition("eq", scalar, "Equals; null matches what is missing.", (value, source, _) => Expression.Equal(source, Operand(value, source, "eq")));
        Condition("neq", scalar, "Does not equal; null matches what is there.", (value, source, _) => Expression.NotEqual(source, Operand(value, source, "neq")));
    }

    /// <summary>What a client wrote, as the column's own type: a Float against a column of single precision would miss the very number it shows.</summary>
    protected static object? Convert(object? value, Type type) =>
        value is double number && (Nullable.GetUnderlyingType(type) ?? type) == typeof(float) ? (float)number : value;

    protected static bool AcceptsNull(Type type) => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;

    private static Expression Operand(object? value, Expression source, string name) => value is null && !AcceptsNull(source.Type)
        ? throw FilterErrors.NullNotSupported(name)
        : Boxed.Parameter(Convert(value, source.Type), source.Type);

    private static Expression IsIn(object? value, Expression source, string name)
    {
        var written = ((IEnumerable<object?>?)value ?? throw FilterErrors.NullNotSupported(name))
            .Where(v => v is not null || AcceptsNull(source.Type)).Select(v => Convert(v, source.Type)).ToArray();
        var values = Array.CreateInstance(source.Type, written.Length);
        Array.Copy(written, values, written.Length);
        return Expression.Call(Contains.MakeGenericMethod(source.Type), Boxed.Parameter(values, typeof(IEnumerable<>).MakeGenericType(source.Type)), source);
    }
}

/// <summary>Equality and order. What is missing is neither greater nor less than anything, so it matches every negation.</summary>
internal abstract class ComparableFilterInputType<TScalar> : EqualityFilterInputType where TScalar : IGraphType
{
    protected ComparableFilterInputType(string name)
    {
        Name = $"{name}OperationFilterInput";
        Description = $"Conditions on a value of type {name}, all of which must hold.";
        Equality(typeof(TScalar));
        Compare("gt", "ngt", "greater than", Expression.GreaterThan, Expression.LessThanOrEqual);
        Compare("gte", "ngte", "greater than or equal to", Expression.GreaterThanOrEqual, Expression.LessThan);
        Compare("lt", "nlt", "less than", Expression.LessThan, Expression.GreaterThanOrEqual);
        Compare("lte", "nlte", "less than or equal to", Expression.LessThanOrEqual, Expression.GreaterThan);
    }

    private void Compare(string name, string negated, string words, Func<Expression, Expression, Expression> compare, Func<Expression, Expression, Expression> opposite)
    {
        Condition(name, typeof(TScalar), $"Is {words}.", (value, source, _) => compare(source, Operand(value, source, name)));
        Condition(negated, typeof(TScalar), $"Is not {words}.", (value, source, _) =>
        {
            var condition = opposite(source, Operand(value, source, negated));
            return AcceptsNull(source.Type) ? Expression.OrElse(Expression.Equal(source, Expression.Constant(null, source.Type)), condition) : condition;
        });
    }

    private static Expression Operand(object? value, Expression source, string name) =>
        Boxed.Parameter(Convert(value ?? throw FilterErrors.NullNotSupported(name), source.Type), source.Type);
}

internal sealed class IntOperationFilterInputType() : ComparableFilterInputType<IntGraphType>("Int");

internal sealed class LongOperationFilterInputType() : ComparableFilterInputType<LongScalar>("Long");

internal sealed class FloatOperationFilterInputType() : ComparableFilterInputType<FloatGraphType>("Float");

internal sealed class DateTimeOperationFilterInputType() : ComparableFilterInputType<DateTimeScalar>("DateTime");

internal sealed class BooleanOperationFilterInputType : EqualityFilterInputType
{
    public BooleanOperationFilterInputType()
    {
        Name = "BooleanOperationFilterInput";
        Description = "Conditions on a value of type Boolean, all of which must hold.";
        Single(typeof(BooleanGraphType));
    }
}

/// <summary>Conditions on an enum; named after its schema type.</summary>
internal abstract class EnumFilterInputType<TEnumType> : EqualityFilterInputType where TEnumType : EnumerationGraphType
{
    protected EnumFilterInputType(string name)
    {
        Name = $"{name}OperationFilterInput";
        Description = $"Conditions on a value of type {name}, all of which must hold.";
        Equality(typeof(TEnumType));
    }
}
