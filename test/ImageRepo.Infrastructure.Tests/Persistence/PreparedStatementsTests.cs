using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Persistence;

/// <summary>What a connection is asked often, it keeps; but never a plan that was made for other values.</summary>
public sealed class PreparedStatementsTests : IAsyncLifetime
{
    private const int Often = 10;

    private InfrastructureHost _host = null!;
    private OwnerId _owner;

    public async Task InitializeAsync()
    {
        _host = await InfrastructureHost.StartAsync();
        _owner = await _host.NewOwnerAsync();
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public Task A_statement_that_is_sent_often_is_parsed_once_and_planned_each_time() => OnOneConnectionAsync(async (db, library) =>
    {
        await AskAsync(library);

        var kept = await db.Database.SqlQueryRaw<Prepared>("select statement, generic_plans, custom_plans from pg_prepared_statements").ToListAsync();
        var twin = Assert.Single(kept, s => s.Statement.Contains("content_hash", StringComparison.Ordinal));
        Assert.Equal(0, twin.GenericPlans);
        Assert.InRange(twin.CustomPlans, 2, Often);
    });

    /// <summary>As when another node brings the schema up to date.</summary>
    [Fact]
    public Task A_table_that_changes_meanwhile_does_not_matter() => OnOneConnectionAsync(async (db, library) =>
    {
        var image = await _host.AddImageAsync(_owner);
        await AskAsync(library);
        await ReadAsync();

        await _host.QueryAsync(_owner, other => other.Database.ExecuteSqlRawAsync("alter table image add column later integer not null default 1; alter table owner_count add column later integer not null default 1"));

        await AskAsync(library);
        await ReadAsync();

        async Task ReadAsync()
        {
            for (var i = 0; i < Often; i++)
            {
                Assert.Equal(image.Id, (await db.Images.AsNoTracking().SingleAsync()).Id);
                var changed = await library.ChangeAsync(_owner, [image.Id], Toggle, default);
                Assert.Single(changed.Done);
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

    private Task OnOneConnectionAsync(Func<ImageRepoDbContext, IImageLibrary, Task> act) => _host.InScopeAsync(_owner, async services =>
    {
        var db = services.GetRequiredService<ImageRepoDbContext>();
        await db.Database.OpenConnectionAsync();
        await act(db, services.GetRequiredService<IImageLibrary>());
        return true;
    });

    private sealed record Prepared(string Statement, long GenericPlans, long CustomPlans);
}
