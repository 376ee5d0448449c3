using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ImageRepo.Infrastructure.Tests.Persistence;

public sealed class DatabaseTests
{
    [Fact]
    public async Task Nodes_that_start_at_once_migrate_once()
    {
        var connectionString = await PostgresServer.CreateDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("imagerepo-test-").FullName;
        var hosts = Enumerable.Range(0, 3).Select(_ => InfrastructureHost.Build(connectionString, folder, new ScriptedAnalyzer())).ToList();

        await Task.WhenAll(hosts.Select(h => h.StartAsync()));

        await using (var scope = hosts[0].Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
            Assert.Empty(await db.Database.GetPendingMigrationsAsync());
            Assert.NotEmpty(await db.Database.GetAppliedMigrationsAsync());
        }
        foreach (var host in hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Cookies_survive_a_restart_and_their_keys_are_not_readable_in_the_database()
    {
        await using var first = await InfrastructureHost.StartAsync();
        var cookie = first.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("me");

        await using var second = await InfrastructureHost.StartAsync(beside: first);

        Assert.Equal("me", second.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(cookie));
        await using var scope = first.Services.CreateAsyncScope();
        var keys = await scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>().DataProtectionKeys.ToListAsync();
        Assert.NotEmpty(keys);
        Assert.All(keys, key => Assert.DoesNotContain("<masterKey", key.Xml));
    }
}
