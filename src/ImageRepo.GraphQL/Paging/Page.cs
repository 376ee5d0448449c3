using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.GraphQL.Paging;

internal sealed record PageInfo(bool HasNextPage, bool HasPreviousPage, string? StartCursor, string? EndCursor);

/// <param name="Rows">With their cursors, in the list's order also when they were read from its end.</param>
internal sealed record Page<TRow>(IReadOnlyList<(string Cursor, TRow Row)> Rows, PageInfo Info);

internal static class Pages
{
    /// <summary>Reads one page and one row more, which tells whether another page follows.</summary>
    /// <param name="copy">Of a row, what is shown of it; all of it when null.</param>
    public static async Task<Page<TRow>> PageAsync<TRow>(
        this IQueryable<TRow> rows, Keyset<TRow> keyset, PageRequest request, Expression<Func<TRow, TRow>>? copy, CancellationToken cancellationToken)
    {
        if (request.Size == 0)
        {
            return Cut([], keyset, request);
        }
        var read = rows.Beyond(keyset, request);
        return Cut(await (copy is null ? read : read.Select(copy)).ToListAsync(cancellationToken), keyset, request);
    }

    /// <summary>The rows of the page and one more, in the order in which they are read.</summary>
    public static IQueryable<TRow> Beyond<TRow>(this IQueryable<TRow> rows, Keyset<TRow> keyset, PageRequest request)
    {
        if (request.After is { } after)
        {
            rows = keyset.Beyond(rows, after, isBackward: false);
        }
        if (request.Before is { } before)
        {
            rows = keyset.Beyond(rows, before, isBackward: true);
        }
        return keyset.Sort(rows, request.IsBackward).Take(request.Size + 1);
    }

    private static Page<TRow> Cut<TRow>(List<TRow> read, Keyset<TRow> keyset, PageRequest request)
    {
        var hasMore = read.Count > request.Size;
        if (hasMore)
        {
            read.RemoveAt(read.Count - 1);
        }
        if (request.IsBackward)
        {
            read.Reverse();
        }
        var (hasNext, hasPrevious) = request.IsBackward ? (request.Before is not null, hasMore) : (hasMore, request.After is not null);
        if (!request.IsBackward && request.Last is { } last && last < read.Count)
        {
            read.RemoveRange(0, read.Count - last);
            hasPrevious = true;
        }
        var page = read.Select(row => (keyset.Cursor(row), row)).ToList();
        return new Page<TRow>(page, new PageInfo(hasNext, hasPrevious, page.FirstOrDefault().Item1, page.LastOrDefault().Item1));
    }
}
