using ImageRepo.Testing;

namespace ImageRepo.Infrastructure.Tests.Persistence.Embedded;

public sealed class PostgresServerTests
{
    [Fact]
    public async Task Every_test_gets_a_database_of_its_own_empty_or_a_copy()
    {
        string template = await PostgresServer.CreateDatabaseAsync();
        await using var source = Npgsql.NpgsqlDataSource.Create(template);
        await using (var command = source.CreateCommand("create table laid as select 7 as number"))
        {
            await command.ExecuteNonQueryAsync();
        }

        string copy = await PostgresServer.CreateDatabaseAsync(template);
        string empty = await PostgresServer.CreateDatabaseAsync();
        await PostgresFolder.AskAsync(copy, "update laid set number = 8");

        Assert.Equal(8, await PostgresFolder.AskAsync(copy, "select number from laid"));
        Assert.Equal(7, await PostgresFolder.AskAsync(template, "select number from laid"));
        Assert.IsType<DBNull>(await PostgresFolder.AskAsync(empty, "select to_regclass('laid')::text"));
    }
}
