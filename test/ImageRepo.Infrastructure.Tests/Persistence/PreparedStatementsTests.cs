using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Persistence;

/// <summary>What a connection is asked often, it keeps; but never a plan that was made for other values.</summary>
public sealed class PreparedStatementsTests : IAsyncLifetime
{
    private const int Often = 12;

    private InfrastructureHost _host = null!;
    private OwnerId _owner;

    public async Task InitializeAsync()
    {
        // Without workers: one that has a lock and wants another would meet the statements that change the tables.
        _host = await InfrastructureHost.StartAsync(settings: ("Roles", "web"));
        _owner = await _host.NewOwnerAsync();
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public Task A_statement_that_is_sent_often_is_parsed_once_and_planned_each_time() => OnOneConnectionAsync(_host, async (db, library) =>
    {
        await AskAsync(library);

        var kept = await KeptAsync(db);
        var twin = Assert.Single(kept, s => s.Statement.Contains("content_hash", StringComparison.Ordinal));
        Assert.Equal(0, twin.GenericPlans);
        Assert.InRange(twin.CustomPlans, 2, Often);
    });

    [Theory]
    [InlineData("Max Auto Prepare=0")]
    [InlineData("MaxAutoPrepare=0")]
    public async Task The_connection_string_may_say_otherwise(string setting)
    {
        await using var other = await InfrastructureHost.StartAsync(beside: _host, settings: ("ConnectionStrings:ImageRepo", $"{_host.ConnectionString};{setting}"));

        await OnOneConnectionAsync(other, async (db, library) =>
        {
            await AskAsync(library);
            Assert.DoesNotContain(await KeptAsync(db), s => s.Statement.Contains("content_hash", StringComparison.Ordinal));
        });
    }

    /// <summary>As when another node brings the schema up to date.</summary>
    [Fact]
    public Task A_column_that_is_added_meanwhile_does_not_matter() => OnOneConnectionAsync(_host, async (db, library) =>
    {
        var image = await _host.AddImageAsync(_owner, tags: "sea");
        await AskAsync(library);
        await ReadAsync();

        await _host.QueryAsync(_owner, other => other.Database.ExecuteSqlRawAsync("""
            do $$
            declare each text;
            begin
                for each in select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' loop
                    execute format('alter table %I add column later integer not null default 1', each);
                end loop;
            end
            $$
            """));

        await AskAsync(library);
        await ReadAsync();

        async Task ReadAsync()
        {
            for (var i = 0; i < Often; i++)
            {
                Assert.Equal(image.Id, (await db.Images.AsNoTracking().SingleAsync()).Id);
                var changed = await library.ChangeAsync(_owner, [image.Id], Toggle, default);
                Assert.Single(changed.Done);
                Assert.Contains("sea", changed.Done[0].Tags.Select(t => t.Name.Value));
            }
        }
    });

    private static void Toggle(Image image)
    {
        if (image.IsTrashed)
        {
            image.Restore(DateTimeOffset.UtcNow);
        }
        else
        {
            image.Trash(DateTimeOffset.UtcNow);
        }
    }

    private async Task AskAsync(IImageLibrary library)
    {
        for (var i = 0; i < Often; i++)
        {
            Assert.Null(await library.FindTwinAsync(_owner, InfrastructureHost.NewHash(), default));
        }
    }

    private static Task<List<Prepared>> KeptAsync(ImageRepoDbContext db) =>
        db.Database.SqlQueryRaw<Prepared>("select statement, generic_plans, custom_plans from pg_prepared_statements").ToListAsync();

    private Task OnOneConnectionAsync(InfrastructureHost host, Func<ImageRepoDbContext, IImageLibrary, Task> act) => host.InScopeAsync(_owner, async services =>
    {
        var db = services.GetRequiredService<ImageRepoDbContext>();
        await db.Database.OpenConnectionAsync();
        await act(db, services.GetRequiredService<IImageLibrary>());
        return true;
    });

    private sealed record Prepared(string Statement, long GenericPlans, long CustomPlans);
}
