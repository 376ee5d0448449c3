using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json.Nodes;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Execution;

namespace ImageRepo.GraphQL.Paging;

/// <summary>One key of a list's order: sorts by it, keeps its value in a cursor, and finds what lies beyond such a value.</summary>
internal abstract class SortKey<TRow>(string name, bool isDescending)
{
    /// <summary>Name and direction; a cursor is good only for the order that it was made for.</summary>
    public string Signature { get; } = isDescending ? $"{name}-" : name;

    protected bool IsDescending { get; } = isDescending;

    public abstract IOrderedQueryable<TRow> Sort(IQueryable<TRow> rows, bool isFirst, bool isBackward);

    public abstract JsonNode? Read(TRow row);

    /// <summary>The value behind a cursor's text, or null when it is none of this key's type.</summary>
    public abstract object? Parse(JsonNode? value);

    /// <summary>What the key reads of a row.</summary>
    public abstract LambdaExpression Selector { get; }

    public abstract Expression Equal(Expression row, object value);

    /// <summary>True for rows that come after the value, in the key's direction or, backward, against it.</summary>
    /// <param name="isInclusive">Rows with the very value too: what an index can begin at.</param>
    public abstract Expression Beyond(Expression row, object value, bool isBackward, bool isInclusive = false);
}

/// <param name="selector">Never null in the database; a column that can be null is two keys.</param>
internal sealed class SortKey<TRow, TKey>(string name, Expression<Func<TRow, TKey>> selector, bool isDescending) : SortKey<TRow>(name, isDescending)
    where TKey : notnull
{
    private static readonly MethodInfo CompareStrings = typeof(string).GetMethod(nameof(string.Compare), [typeof(string), typeof(string)])!;
    private Func<TRow, TKey>? _read;

    public override LambdaExpression Selector => selector;

    public override IOrderedQueryable<TRow> Sort(IQueryable<TRow> rows, bool isFirst, bool isBackward) => (isFirst, IsDescending != isBackward) switch
    {
        (true, true) => rows.OrderByDescending(selector),
        (true, false) => rows.OrderBy(selector),
        (false, true) => ((IOrderedQueryable<TRow>)rows).ThenByDescending(selector),
        (false, false) => ((IOrderedQueryable<TRow>)rows).ThenBy(selector),
    };

    public override JsonNode? Read(TRow row) => (_read ??= selector.Compile())(row) switch
    {
        string text => text,
        int number => number,
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        DateTimeOffset moment => moment.UtcTicks.ToString(CultureInfo.InvariantCulture),
        ImageId id => id.Value.ToString("N"),
        TagName tag => tag.Value,
        var value => throw new NotSupportedException($"A cursor can't keep a {value.GetType().Name}."),
    };

    public override object? Parse(JsonNode? node)
    {
        var text = node is JsonValue value && value.TryGetValue(out string? t) ? t : null;
        if (typeof(TKey) == typeof(int))
        {
            return node is JsonValue number && number.TryGetValue(out int i) ? i : null;
        }
        if (typeof(TKey) == typeof(string))
        {
            return text is not null && !text.Contains('\0') ? text : null;
        }
        if (typeof(TKey) == typeof(ImageId))
        {
            return Guid.TryParseExact(text, "N", out var id) ? new ImageId(id) : null;
        }
        if (typeof(TKey) == typeof(TagName))
        {
            return TagName.TryParse(text, out var tag) ? tag : null;
        }
        if (typeof(TKey) == typeof(double))
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var d) ? d : null;
        }
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return null;
        }
        return typeof(TKey) != typeof(DateTimeOffset) ? whole
            : whole >= DateTimeOffset.MinValue.Ticks && whole <= DateTimeOffset.MaxValue.Ticks ? new DateTimeOffset(whole, TimeSpan.Zero)
            : null;
    }

    public override Expression Equal(Expression row, object value) => Expression.Equal(Replacement.Inline(selector, row), Boxed.Parameter((TKey)value));

    public override Expression Beyond(Expression row, object value, bool isBackward, bool isInclusive = false)
    {
        var left = Replacement.Inline(selector, row);
        Expression right;
        if (typeof(TKey) == typeof(string) || typeof(TKey) == typeof(TagName))
        {
            var text = Boxed.Parameter(value is TagName tag ? tag.Value : (string)value);
            (left, right) = (Expression.Call(CompareStrings, Text(left), text), Expression.Constant(0));
        }
        else
        {
            right = Boxed.Parameter((TKey)value);
        }
        return (IsDescending != isBackward, isInclusive) switch
        {
            (true, false) => Expression.LessThan(left, right),
            (true, true) => Expression.LessThanOrEqual(left, right),
            (false, false) => Expression.GreaterThan(left, right),
            (false, true) => Expression.GreaterThanOrEqual(left, right),
        };
    }

    /// <summary>A tag's name is text in its column; EF Core sees that through object alone.</summary>
    private static Expression Text(Expression value) =>
        value.Type == typeof(string) ? value : Expression.Convert(Expression.Convert(value, typeof(object)), typeof(string));
}
