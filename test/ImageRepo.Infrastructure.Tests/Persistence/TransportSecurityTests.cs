using ImageRepo.Infrastructure.ObjectStorage.S3;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace ImageRepo.Infrastructure.Tests.Persistence;

public sealed class TransportSecurityTests
{
    [Theory]
    [InlineData("Host=db.example.org;Username=a;Password=b")]
    [InlineData("Host=db.example.org;SslMode=Disable")]
    [InlineData("Host=db.example.org;SslMode=Require")]
    [InlineData("Host=db.example.org;SslMode=VerifyCA")]
    [InlineData("Host=127.0.0.1")]
    [InlineData("Host=/run/postgresql,db.example.org")]
    public void Production_refuses_a_database_that_need_not_prove_who_it_is(string connectionString)
    {
        var e = Assert.Throws<SetupException>(() => Security("Production").RequireOf(new NpgsqlConnectionStringBuilder(connectionString)));

        Assert.Contains("ConnectionStrings:ImageRepo", e.Message);
        Assert.Contains("SslMode=VerifyFull", e.Message);
        Assert.Contains("AllowInsecure=true", e.Message);
        Security("Development").RequireOf(new NpgsqlConnectionStringBuilder(connectionString));
        Security("Production", "true").RequireOf(new NpgsqlConnectionStringBuilder(connectionString));
    }

    [Theory]
    [InlineData("Host=db.example.org;SslMode=VerifyFull")]
    [InlineData("Host=/run/postgresql")]
    [InlineData("Host=@imagerepo")]
    public void Production_takes_one_that_does_or_that_no_network_leads_to(string connectionString) =>
        Security("Production").RequireOf(new NpgsqlConnectionStringBuilder(connectionString));

    [Theory]
    [InlineData("http://s3.example.org", "", "Storage:S3:ServiceUrl")]
    [InlineData("HTTP://127.0.0.1:8333", "", "Storage:S3:ServiceUrl")]
    [InlineData("https://s3.example.org", "http://s3.example.org", "Storage:S3:PublicUrl")]
    public void Production_refuses_an_S3_server_on_plain_http(string serviceUrl, string publicUrl, string setting)
    {
        var options = new S3Options { Bucket = "b", ServiceUrl = serviceUrl, PublicUrl = publicUrl };
        var e = Assert.Throws<SetupException>(() => Security("Production").RequireOf(options));

        Assert.StartsWith(setting, e.Message);
        Assert.Contains("AllowInsecure=true", e.Message);
        Security("Production", "True").RequireOf(options);
        Security("Development").RequireOf(options);
        Security("Production").RequireOf(new S3Options { Bucket = "b", Region = "eu-central-1" });
    }

    [Fact]
    public void A_permission_that_is_neither_yes_nor_no_is_named() =>
        Assert.StartsWith("AllowInsecure is 'perhaps'", Assert.Throws<SetupException>(() => Security("Production", "perhaps").RequireOf(new NpgsqlConnectionStringBuilder("Host=db"))).Message);

    [Fact]
    public async Task A_database_with_a_certificate_of_its_own_is_believed_by_its_authority_and_name_alone()
    {
        await using var server = await TlsPostgres.StartAsync();
        var folder = Directory.CreateTempSubdirectory("imagerepo-test-");
        try
        {
            using (var host = Build(server.ConnectionString(SslMode.VerifyFull, authority: server.Authority)))
            {
                await host.StartAsync();
                await using var ssl = host.Services.GetRequiredService<Database>().DataSource.CreateCommand("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
                Assert.Equal(true, await ssl.ExecuteScalarAsync());
                await host.StopAsync();
            }
            foreach (var wrong in new[]
            {
                server.ConnectionString(SslMode.VerifyFull, authority: server.StrangeAuthority),
                server.ConnectionString(SslMode.VerifyFull),
                server.ConnectionString(SslMode.VerifyFull, host: "127.0.0.1", authority: server.Authority),
                server.ConnectionString(SslMode.Disable),
            })
            {
                using var host = Build(wrong, allowInsecure: true);
                await Assert.ThrowsAnyAsync<NpgsqlException>(() => host.StartAsync());
            }
            using var plain = Build(server.ConnectionString(SslMode.Require));
            await Assert.ThrowsAsync<SetupException>(() => plain.StartAsync());
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        IHost Build(string connectionString, bool allowInsecure = false) => InfrastructureHost.Build(
            connectionString, folder.FullName, new ScriptedAnalyzer(), null, "Production", ("AllowInsecure", $"{allowInsecure}"));
    }

    private static TransportSecurity Security(string environment, string? allowInsecure = null) => new(
        new ConfigurationBuilder().AddInMemoryCollection([new("AllowInsecure", allowInsecure)]).Build(), new Environment(environment));

    private sealed class Environment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;
        public string ApplicationName { get; set; } = "";
        public string ContentRootPath { get; set; } = "";
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
