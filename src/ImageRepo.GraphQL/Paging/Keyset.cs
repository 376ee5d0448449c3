using System.Buffers.Text;
using System.Linq.Expressions;
using System.Text.Json;
using System.Text.Json.Nodes;
using GraphQL;

namespace ImageRepo.GraphQL.Paging;

/// <summary>
/// The order of a list and its cursors: a cursor keeps the keys of its row, so a page begins beyond that place however many rows
/// were added or removed since. The last key is unique.
/// </summary>
/// <param name="context">Whatever else a cursor is bound to, such as the colour that a ranking is about.</param>
internal sealed class Keyset<TRow>(IReadOnlyList<SortKey<TRow>> keys, string context = "")
{
    private const int MaxCursorLength = 2_000;
    private readonly string _signature = string.Join(',', keys.Select(k => k.Signature)) + context;

    /// <summary>The members of a row that a cursor is made of.</summary>
    public IEnumerable<string> Members => keys.SelectMany(k => MembersOf(k.Selector));

    public IQueryable<TRow> Sort(IQueryable<TRow> rows, bool isBackward)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            rows = keys[i].Sort(rows, isFirst: i == 0, isBackward);
        }
        return rows;
    }

    public string Cursor(TRow row)
    {
        var values = new JsonArray([_signature, .. keys.Select(k => k.Read(row))]);
        return Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(values));
    }

    /// <summary>Rows after the cursor's place, or before it.</summary>
    /// <exception cref="ExecutionError">HC0078: not a cursor of this order.</exception>
    public IQueryable<TRow> Beyond(IQueryable<TRow> rows, string cursor, bool isBackward)
    {
        var values = Values(cursor);
        var row = Expression.Parameter(typeof(TRow), "row");
        Expression? beyond = null;
        for (var i = keys.Count - 1; i >= 0; i--)
        {
            var strictly = keys[i].Beyond(row, values[i], isBackward);
            beyond = beyond is null ? strictly : Expression.OrElse(strictly, Expression.AndAlso(keys[i].Equal(row, values[i]), beyond));
        }
        if (keys.Count > 1)
        {
            // The alternatives above are nothing to look up in an index; the first key alone is.
            beyond = Expression.AndAlso(keys[0].Beyond(row, values[0], isBackward, isInclusive: true), beyond!);
        }
        return rows.Where(Expression.Lambda<Func<TRow, bool>>(beyond!, row));
    }

    /// <summary>The keys that a cursor keeps.</summary>
    /// <exception cref="ExecutionError">HC0078: not a cursor of this order.</exception>
    public IReadOnlyList<object> Values(string cursor) => Parse(cursor) ?? throw PagingErrors.InvalidCursor(cursor);

    private static HashSet<string> MembersOf(LambdaExpression selector)
    {
        var reader = new MemberReader(selector.Parameters[0]);
        reader.Visit(selector.Body);
        return reader.Members;
    }

    private object[]? Parse(string cursor)
    {
        if (cursor.Length > MaxCursorLength || !Base64Url.IsValid(cursor))
        {
            return null;
        }
        var parts = ReadArray(Base64Url.DecodeFromChars(cursor));
        if (parts is null || parts.Count != keys.Count + 1 || parts[0] is not JsonValue signature
            || !signature.TryGetValue(out string? text) || text != _signature)
        {
            return null;
        }
        var values = new object[keys.Count];
        for (var i = 0; i < keys.Count; i++)
        {
            if (keys[i].Parse(parts[i + 1]) is not { } value)
            {
                return null;
            }
            values[i] = value;
        }
        return values;
    }

    private sealed class MemberReader(ParameterExpression row) : ExpressionVisitor
    {
        public HashSet<string> Members { get; } = [];

        protected override Expression VisitMember(MemberExpression node)
        {
            if (node.Expression == row)
            {
                Members.Add(node.Member.Name);
            }
            return base.VisitMember(node);
        }
    }

    private static JsonArray? ReadArray(byte[] json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonArray;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
