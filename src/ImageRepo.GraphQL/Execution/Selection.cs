using System.Linq.Expressions;
using GraphQL;
using GraphQL.Builders;
using GraphQL.Types;
using GraphQLParser.AST;

namespace ImageRepo.GraphQL.Execution;

/// <summary>
/// What a document reads of a type's rows. A field reads the member of its own name unless it says otherwise by <c>Reads</c>; lists
/// and loaders then ask the database for those members' columns alone.
/// </summary>
internal static class Selection
{
    private const string ReadsKey = "Reads";

    /// <summary>Names the members that the field's resolver reads.</summary>
    public static FieldBuilder<TSource, TReturn> Reads<TSource, TReturn>(this FieldBuilder<TSource, TReturn> field, params string[] members)
    {
        field.FieldType.Metadata[ReadsKey] = members;
        return field;
    }

    /// <exception cref="InvalidOperationException">The field reads what is no settable member of the type: a mistake in the schema.</exception>
    public static void RequireMembers<TRow>(this ObjectGraphType<TRow> type)
    {
        foreach (var (field, member) in type.Fields.SelectMany(f => MembersOf(f).Select(m => (f.Name, m))))
        {
            if (typeof(TRow).GetProperty(member) is not { CanWrite: true })
            {
                throw new InvalidOperationException($"The field {field} of {type.Name} reads {member}, which is no stored member of {typeof(TRow).Name}.");
            }
        }
    }

    /// <summary>The members that are read wherever <typeparamref name="TRow"/> is shown below the field, fragments included.</summary>
    public static HashSet<string> Members<TRow>(this IResolveFieldContext context)
    {
        HashSet<string> members = [];
        Collect(context.FieldAst.SelectionSet, context.FieldDefinition.ResolvedType?.GetNamedType());
        return members;

        GraphQLFragmentDefinition? Fragment(GraphQLParser.ROM name) =>
            context.Document.Definitions.OfType<GraphQLFragmentDefinition>().FirstOrDefault(f => f.FragmentName.Name.Value == name);

        // Fields that @skip leaves out are read all the same: that costs a column, not an answer.
        void Collect(GraphQLSelectionSet? set, IGraphType? type)
        {
            foreach (var selection in set?.Selections ?? [])
            {
                switch (selection)
                {
                    case GraphQLField field when (type as IComplexGraphType)?.Fields.Find(field.Name.StringValue) is { } definition:
                        if (type is ObjectGraphType<TRow>)
                        {
                            members.UnionWith(MembersOf(definition));
                        }
                        else
                        {
                            Collect(field.SelectionSet, definition.ResolvedType?.GetNamedType());
                        }
                        break;
                    case GraphQLInlineFragment inline:
                        Collect(inline.SelectionSet, inline.TypeCondition is { } condition ? context.Schema.AllTypes[condition.Type.Name.StringValue] : type);
                        break;
                    case GraphQLFragmentSpread spread when Fragment(spread.FragmentName.Name.Value) is { } fragment:
                        Collect(fragment.SelectionSet, context.Schema.AllTypes[fragment.TypeCondition.Type.Name.StringValue]);
                        break;
                }
            }
        }
    }

    /// <summary>Copies these members of a row; the others keep what a new row has.</summary>
    public static Expression<Func<TRow, TRow>> Copying<TRow>(IEnumerable<string> members)
    {
        var row = Expression.Parameter(typeof(TRow), "row");
        // In the order of the type, so that the same members are the same query.
        var bindings = typeof(TRow).GetProperties().Where(p => members.Contains(p.Name)).Select(p => Expression.Bind(p, Expression.Property(row, p)));
        return Expression.Lambda<Func<TRow, TRow>>(Expression.MemberInit(Expression.New(Constructor<TRow>.Empty), bindings), row);
    }

    private static IEnumerable<string> MembersOf(FieldType field) =>
        field.Metadata.TryGetValue(ReadsKey, out var members) ? (string[])members! : [char.ToUpperInvariant(field.Name[0]) + field.Name[1..]];

    private static class Constructor<TRow>
    {
        // Rows may keep it to themselves.
        public static readonly System.Reflection.ConstructorInfo Empty = typeof(TRow).GetConstructor(
            System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic, [])
            ?? throw new InvalidOperationException($"{typeof(TRow).Name} has no constructor without parameters.");
    }
}
