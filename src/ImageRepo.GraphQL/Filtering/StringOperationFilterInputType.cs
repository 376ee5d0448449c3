using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Execution;

namespace ImageRepo.GraphQL.Filtering;

/// <summary>
/// Conditions on text, which tell upper from lower case. On a tag's name what the client writes is put into the form that tags
/// are stored in, so "Sunset " finds <c>sunset</c>.
/// </summary>
internal sealed class StringOperationFilterInputType : FilterInputType
{
    private static readonly MethodInfo Contains = Method(nameof(string.Contains));
    private static readonly MethodInfo StartsWith = Method(nameof(string.StartsWith));
    private static readonly MethodInfo EndsWith = Method(nameof(string.EndsWith));
    private static readonly MethodInfo ContainsItem = typeof(Enumerable).GetMethods()
        .Single(m => m.Name == nameof(Enumerable.Contains) && m.GetParameters().Length == 2);

    public StringOperationFilterInputType()
    {
        Name = "StringOperationFilterInput";
        Description = "Conditions on text, all of which must hold. Case matters, but in the names of tags.";
        Combinable();
        Condition("eq", typeof(StringGraphType), "Equals; null matches what is missing.", (value, source, _) => IsEqual(value, source, "eq"));
        Condition("neq", typeof(StringGraphType), "Does not equal; null matches what is there.", (value, source, _) => Expression.Not(IsEqual(value, source, "neq")));
        Text("contains", "ncontains", "Contains this text.", "Does not contain this text.", Contains);
        Condition("in", typeof(ListGraphType<StringGraphType>), "Is one of these; an empty list matches nothing.", (value, source, _) => IsIn(value, source, "in"));
        Condition("nin", typeof(ListGraphType<StringGraphType>), "Is none of these; an empty list matches everything.", (value, source, _) => Expression.Not(IsIn(value, source, "nin")));
        Text("startsWith", "nstartsWith", "Begins with this text.", "Does not begin with this text.", StartsWith);
        Text("endsWith", "nendsWith", "Ends with this text.", "Does not end with this text.", EndsWith);
    }

    private void Text(string name, string negated, string description, string negatedDescription, MethodInfo method)
    {
        Condition(name, typeof(StringGraphType), description, (value, source, _) => Matches(value, source, name, method));
        Condition(negated, typeof(StringGraphType), negatedDescription, (value, source, _) =>
        {
            var differs = Expression.Not(Matches(value, source, negated, method));
            return source.Type == typeof(string)
                ? Expression.OrElse(Expression.Equal(source, Expression.Constant(null, typeof(string))), differs)
                : differs;
        });
    }

    private static Expression Matches(object? value, Expression source, string name, MethodInfo method)
    {
        var text = value as string ?? throw FilterErrors.NullNotSupported(name);
        return source.Type == typeof(TagName)
            // Through object: so EF Core compares the column, which is text, with text.
            ? Expression.Call(Expression.Convert(Expression.Convert(source, typeof(object)), typeof(string)), method, Boxed.Parameter(Folded(Readable(text, name)!)))
            : Expression.Call(source, method, Boxed.Parameter(Readable(text, name)));
    }

    private static Expression IsEqual(object? value, Expression source, string name)
    {
        if (source.Type != typeof(TagName))
        {
            return Expression.Equal(source, Boxed.Parameter(Readable((string?)value, name)));
        }
        return TagName.TryParse(value as string ?? throw FilterErrors.NullNotSupported(name), out var tag)
            ? Expression.Equal(source, Boxed.Parameter(tag))
            : Expression.Constant(false);
    }

    private static Expression IsIn(object? value, Expression source, string name)
    {
        var texts = ((IEnumerable<object?>?)value ?? throw FilterErrors.NullNotSupported(name)).Select(v => Readable((string?)v, name));
        var values = source.Type == typeof(TagName)
            ? Boxed.Parameter<IEnumerable<TagName>>([.. texts.Where(t => TagName.TryParse(t, out _)).Select(TagName.Parse)])
            : Boxed.Parameter<IEnumerable<string?>>([.. texts]);
        return Expression.Call(ContainsItem.MakeGenericMethod(source.Type), values, source);
    }

    /// <summary>PostgreSQL has no NUL in text and UTF-8 no lone surrogates: they are named here instead of failing there.</summary>
    private static string? Readable(string? text, string name) => text is null || Unicode.IsStorable(text) ? text : throw FilterErrors.UnreadableText(name);

    private static string Folded(string text) => text.ToLowerInvariant().Normalize(NormalizationForm.FormC);

    private static MethodInfo Method(string name) => typeof(string).GetMethod(name, [typeof(string)])!;
}
