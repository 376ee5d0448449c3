using System.Net;
using System.Net.Sockets;
using ImageRepo.Domain;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ImageRepo.Infrastructure.Tests.Persistence;

/// <summary>How the product answers a database that is really away is in DatabaseAwayTests; here is what counts as that.</summary>
public sealed class OutagesTests
{
    private readonly CapturedLog _log = new();
    private readonly Outages _outages;

    public OutagesTests() => _outages = new Outages(TimeProvider.System, new LoggerFactory([_log]).CreateLogger<Outages>());

    [Theory]
    [InlineData("57P01", true)] // shut down by its administrator
    [InlineData("57P03", true)] // starting up
    [InlineData("08006", true)] // the connection failed
    [InlineData("53300", true)] // too many connections
    [InlineData("53100", true)] // the disk is full
    [InlineData("40P01", false)] // a deadlock
    [InlineData("23505", false)] // a row that is there already
    [InlineData("42P01", false)] // no such table
    public void What_the_server_says_tells_an_outage_from_a_defect(string state, bool isOutage)
    {
        var refused = new DbUpdateException("It was not saved.", new PostgresException("in its words", "FATAL", "FATAL", state));

        Assert.Equal(isOutage, _outages.Of(refused) is DatabaseUnavailableException { InnerException: not null, RetryAfter.TotalSeconds: 10 });
    }

    [Fact]
    public void A_server_that_can_not_be_found_or_does_not_answer_is_an_outage_and_a_misuse_of_the_connection_is_not()
    {
        Assert.IsType<DatabaseUnavailableException>(_outages.Of(new InvalidOperationException("by EF", new NpgsqlException("", new IOException("gone")))));
        Assert.IsType<DatabaseUnavailableException>(_outages.Of(new NpgsqlException("The pool is exhausted", new TimeoutException())));
        Assert.Null(_outages.Of(new NpgsqlException("A command is already in progress")));
        Assert.Null(_outages.Of(new TimeoutException("somebody else's")));
    }

    [Fact]
    public async Task A_crowd_that_has_all_connections_is_a_warning()
    {
        await using var source = NpgsqlDataSource.Create(await PostgresServer.CreateDatabaseAsync() + ";Maximum Pool Size=1;Timeout=1");
        await using var held = await source.OpenConnectionAsync();

        await RequireToldAsync(async () => await source.OpenConnectionAsync(), LogLevel.Warning, "Too many wait for a connection to the database: The connection pool has been exhausted");
    }

    [Fact]
    public async Task A_server_that_lets_in_and_never_answers_is_an_error()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=nobody;Timeout=1");

        await RequireToldAsync(async () => await source.OpenConnectionAsync(), LogLevel.Error, "The database can't be reached: ");
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_an_error()
    {
        await using var source = NpgsqlDataSource.Create(await PostgresServer.CreateDatabaseAsync() + ";Command Timeout=1");
        await using var slow = source.CreateCommand("select pg_sleep(60)");

        await RequireToldAsync(() => slow.ExecuteNonQueryAsync(), LogLevel.Error, "The database can't be reached: Timeout during reading attempt");
    }

    [Fact]
    public void What_is_known_to_be_away_is_told_as_it_is()
    {
        UnavailableException busy = new ServerBusyException(TimeSpan.FromSeconds(3));

        Assert.Same(busy, _outages.Of(busy));
    }

    private async Task RequireToldAsync(Func<Task> act, LogLevel level, string beginning)
    {
        var failure = await Assert.ThrowsAnyAsync<NpgsqlException>(act);

        Assert.IsType<DatabaseUnavailableException>(_outages.Of(failure));
        var told = Assert.Single(_log.Entries);
        Assert.Equal(level, told.Level);
        Assert.StartsWith(beginning, told.Message);
    }
}
