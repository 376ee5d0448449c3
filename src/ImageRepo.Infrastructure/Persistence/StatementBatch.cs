using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Infrastructure.Persistence;

/// <summary>Statements whose answer nobody waits for, sent in one command: a round trip for each costs more than what it does.</summary>
internal sealed class StatementBatch
{
    private readonly List<string> _statements = [];
    private readonly List<object> _values = [];

    /// <param name="statement">Its values, none of them null, become parameters; its text has no braces of its own.</param>
    public void Add(FormattableString statement)
    {
        var places = Enumerable.Range(_values.Count, statement.ArgumentCount).Select(i => (object)$"{{{i}}}").ToArray();
        _statements.Add(string.Format(CultureInfo.InvariantCulture, statement.Format, places));
        _values.AddRange(statement.GetArguments()!);
    }

    public async Task ExecuteAsync(ImageRepoDbContext db, CancellationToken cancellationToken)
    {
        if (_statements.Count > 0)
        {
            await db.Database.ExecuteSqlRawAsync(string.Join(";\n", _statements), _values, cancellationToken);
        }
    }

    public void Clear()
    {
        _statements.Clear();
        _values.Clear();
    }
}
