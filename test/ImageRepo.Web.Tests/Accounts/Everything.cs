using ImageRepo.Domain.Storage;
using ImageRepo.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ImageRepo.Web.Tests.Accounts;

/// <summary>Every row of every table and every object of the store, as text: whatever the schema will be, nothing is left out.</summary>
internal sealed record Everything(SortedSet<string> Rows, SortedSet<string> Objects)
{
    public static async Task<Everything> ReadAsync(ImageRepoApp app)
    {
        var objects = await app.WithServicesAsync(services => services.GetRequiredService<IObjectStore>().ListAsync("", default).Select(o => o.Key.Value).ToListAsync().AsTask());
        return new Everything(await RowsAsync(app.ConnectionString), new SortedSet<string>(objects, StringComparer.Ordinal));
    }

    public IEnumerable<string> RowsWith(string text) => Rows.Where(r => r.Contains(text, StringComparison.OrdinalIgnoreCase));

    public static async Task<SortedSet<string>> RowsAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        List<string> tables = [];
        await using (var names = source.CreateCommand("select quote_ident(table_schema) || '.' || quote_ident(table_name) from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')"))
        await using (var reader = await names.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }
        var rows = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            await using var content = source.CreateCommand($"select row_to_json(t)::text from {table} t");
            await using var reader = await content.ExecuteReaderAsync();
            for (var i = 0; await reader.ReadAsync(); i++)
            {
                rows.Add($"{table} {reader.GetString(0)}");
            }
        }
        return rows;
    }
}
