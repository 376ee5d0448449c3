using Npgsql;

namespace ImageRepo.Infrastructure.Backups;

/// <summary>
/// Takes rows out of the database and puts them back, as PostgreSQL's COPY writes them: no program beside the product is needed, and a
/// backup may come from another version of PostgreSQL.
/// </summary>
internal sealed class TableCopy(NpgsqlConnection connection)
{
    // Of the migrations tells the manifest. What the database generates from other columns it generates anew.
    private const string TablesQuery = """
        select c.relname, array_agg(quote_ident(a.attname) order by a.attnum)
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> '__EFMigrationsHistory'
          and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        group by c.relname order by c.relname
        """;

    private const string ReferencesQuery = """
        select distinct r.relname, t.relname
        from pg_constraint c join pg_class r on r.oid = c.conrelid join pg_class t on t.oid = c.confrelid
        where c.contype = 'f' and c.connamespace = current_schema()::regnamespace and c.conrelid <> c.confrelid
        """;

    private const string IdentitiesQuery = """
        select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attidentity <> ''
        """;

    /// <summary>Every table, in an order in which rows can be put: what is referred to comes first.</summary>
    public async Task<IReadOnlyList<(string Name, string[] Columns)>> TablesAsync(CancellationToken cancellationToken)
    {
        List<(string Name, string[] Columns)> left = await QueryAsync(TablesQuery, r => (r.GetString(0), r.GetFieldValue<string[]>(1)), cancellationToken);
        var references = (await QueryAsync(ReferencesQuery, r => (From: r.GetString(0), To: r.GetString(1)), cancellationToken)).ToLookup(r => r.From, r => r.To);
        List<(string Name, string[] Columns)> ordered = [];
        while (left is not [])
        {
            var free = left.FindAll(table => !references[table.Name].Any(to => left.Exists(other => other.Name == to)));
            if (free is [])
            {
                throw new InvalidOperationException($"The tables {string.Join(", ", left.Select(t => t.Name))} refer to each other in a circle.");
            }
            ordered.AddRange(free);
            left.RemoveAll(free.Contains);
        }
        return ordered;
    }

    /// <summary>Writes the rows of a table, as the connection's transaction sees them.</summary>
    public async Task<TableDump> DumpAsync(string name, IReadOnlyList<string> columns, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        using var reader = (StreamReader)await connection.BeginTextExportAsync($"copy {Place(name, columns)} to stdout", cancellationToken);
        await using var rows = new MeasuredCopy(reader.BaseStream);
        await write(rows);
        return new TableDump(name, columns, rows.Lines, rows.Hash());
    }

    /// <summary>Puts the rows into the table, which is empty.</summary>
    /// <exception cref="BackupException">They are not those that were written.</exception>
    public async Task LoadAsync(TableDump dump, Stream rows, CancellationToken cancellationToken)
    {
        await using var lines = new MeasuredCopy(rows);
        await using (var writer = (StreamWriter)await connection.BeginTextImportAsync($"copy {Place(dump.Name, dump.Columns)} from stdin", cancellationToken))
        {
            await lines.CopyToAsync(writer.BaseStream, cancellationToken);
        }
        if ((lines.Lines, lines.Hash()) != (dump.Rows, dump.Hash))
        {
            throw new BackupException($"The rows of {dump.Name} in the backup are not those that were written. Nothing was restored to the database.");
        }
    }

    /// <summary>Empties all tables.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        var tables = await TablesAsync(cancellationToken);
        await ExecuteAsync($"truncate {string.Join(", ", tables.Select(t => Quoted(t.Name)))}", cancellationToken);
    }

    /// <summary>Lets numbered rows be numbered on from the highest that there is.</summary>
    public async Task ResetSequencesAsync(CancellationToken cancellationToken)
    {
        foreach (var (table, column) in await QueryAsync(IdentitiesQuery, r => (r.GetString(0), r.GetString(1)), cancellationToken))
        {
            await ExecuteAsync(
                $"select setval(pg_get_serial_sequence('{Quoted(table)}', '{column}'), coalesce(max({Quoted(column)}), 1), max({Quoted(column)}) is not null) from {Quoted(table)}", cancellationToken);
        }
    }

    private async Task<List<T>> QueryAsync<T>(string query, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> found = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(read(reader));
        }
        return found;
    }

    private async Task ExecuteAsync(string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Place(string table, IEnumerable<string> columns) => $"{Quoted(table)} ({string.Join(", ", columns)})";

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
