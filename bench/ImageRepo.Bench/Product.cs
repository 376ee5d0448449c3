using System.Security.Claims;
using System.Text.Json;
using ImageRepo.GraphQL;
using ImageRepo.Infrastructure;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace ImageRepo.Bench;

/// <summary>The product's own schema over its own private PostgreSQL, in this process and on a loopback port.</summary>
internal sealed class Product(WebApplication app) : IAsyncDisposable
{
    /// <summary>Owns half of the library.</summary>
    public static Guid Owner { get; } = OwnerNumber(1);

    public NpgsqlDataSource DataSource => app.Services.GetRequiredService<Database>().DataSource;
    public IServiceProvider Services => app.Services;
    public Uri Address => new(app.Urls.First());

    public static Guid OwnerNumber(int number) => new(number, 0, 0, new byte[8]);

    public static async Task<Product> StartAsync(BenchOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DataDirectory"] = options.DataDirectory,
            ["Roles"] = "web",
            ["RateLimits:Enabled"] = "false",
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Services.AddInfrastructure(builder.Configuration);
        builder.Services.AddImageRepoGraphQL(builder.Configuration);
        var app = builder.Build();
        var product = new Product(app);
        app.Use((http, next) =>
        {
            http.User = SignedIn(Owner);
            return next(http);
        });
        app.MapImageRepoGraphQL();
        app.MapGet("/rows", http => Scenarios.BareRows.WriteAsync(product.DataSource, http.Response.BodyWriter, http.RequestAborted));
        await app.StartAsync();
        return product;
    }

    /// <summary>Executes the document as the owner of half of the library.</summary>
    /// <exception cref="InvalidOperationException">The response has an error.</exception>
    public async Task<JsonElement> QueryAsync(string document, IReadOnlyDictionary<string, object?>? variables = null)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<SchemaExecutor>().ExecuteAsync(document, variables, SignedIn(Owner), CancellationToken.None);
        return result.Errors is [] ? result.Data!.Value : throw new InvalidOperationException($"{document}: {result.Errors[0].Message}");
    }

    /// <summary>Runs the SQL and reads every column of its rows.</summary>
    public async Task<List<object[]>> ReadAsync(string sql, params object[] values)
    {
        await using var command = DataSource.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
        await using var reader = await command.ExecuteReaderAsync();
        List<object[]> rows = [];
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static ClaimsPrincipal SignedIn(Guid user) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user.ToString())], IdentityConstants.ApplicationScheme));
}
