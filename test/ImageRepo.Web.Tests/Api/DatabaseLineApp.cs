using System.Net;
using System.Net.Sockets;
using ImageRepo.Testing;
using Npgsql;

namespace ImageRepo.Web.Tests.Api;

/// <summary>The whole product with a line to its database that can be cut.</summary>
public sealed class DatabaseLineApp : ImageRepoApp
{
    private Line _line = null!;
    private DateTime _cut;

    public void TakeDatabaseAway()
    {
        _cut = DateTime.UtcNow;
        _line.Cut();
    }

    /// <summary>Returns when the product has noticed.</summary>
    public async Task BringDatabaseBackAsync()
    {
        _line.Mend();
        using var visitor = Visit();
        for (var deadline = DateTime.UtcNow.AddMinutes(1); ; await Task.Delay(100))
        {
            using var probe = await visitor.Http.GetAsync("/health/ready");
            if (probe.IsSuccessStatusCode)
            {
                return;
            }
            Assert.True(DateTime.UtcNow < deadline, "The database is back, and the product has not noticed.");
        }
    }

    /// <summary>Returns when the product hears of changes again, which is some seconds after the database is back: until then a new stream may yet be told of what an earlier one missed.</summary>
    public async Task UntilItListensAsync()
    {
        await using var database = NpgsqlDataSource.Create(ConnectionString);
        for (var deadline = DateTime.UtcNow.AddMinutes(1); ; await Task.Delay(100))
        {
            await using var listening = database.CreateCommand("select 1 from pg_stat_activity where datname = current_database() and query like 'listen %' and backend_start > $1");
            listening.Parameters.Add(new() { Value = _cut });
            if (await listening.ExecuteScalarAsync() is not null)
            {
                return;
            }
            Assert.True(DateTime.UtcNow < deadline, "The database is back, and the product does not listen.");
        }
    }

    protected override Task ConfigureAsync(IDictionary<string, string?> settings)
    {
        var direct = new NpgsqlConnectionStringBuilder(ConnectionString);
        _line = new Line(Path.IsPathRooted(direct.Host)
            ? new UnixDomainSocketEndPoint(Path.Combine(direct.Host, $".s.PGSQL.{direct.Port}"))
            : new DnsEndPoint(direct.Host!, direct.Port));
        (direct.Host, direct.Port) = ("127.0.0.1", _line.Port);
        settings["ConnectionStrings:ImageRepo"] = direct.ConnectionString;
        return base.ConfigureAsync(settings);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _line.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
