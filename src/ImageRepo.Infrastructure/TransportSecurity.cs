using ImageRepo.Infrastructure.ObjectStorage.S3;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace ImageRepo.Infrastructure;

/// <summary>
/// In Production, what this product says to others crosses no network in the clear, nor to somebody who only says that he is the right one.
/// Setting <c>AllowInsecure</c> lets it, for networks that are private.
/// </summary>
internal sealed class TransportSecurity(IConfiguration configuration, IHostEnvironment environment)
{
    private const string Setting = "AllowInsecure";

    /// <exception cref="SetupException">The server need not prove who it is. A socket of this machine needs no proof.</exception>
    public void RequireOf(NpgsqlConnectionStringBuilder database)
    {
        var isSocket = (database.Host ?? "").Split(',').All(h => h.Trim() is ['/' or '@', ..]);
        Require(isSocket || database.SslMode == SslMode.VerifyFull, "ConnectionStrings:ImageRepo has no SslMode=VerifyFull. Add it (and Root Certificate=/path/to/ca.pem for an authority of your own)");
    }

    /// <exception cref="SetupException">Objects or links to them would go over plain http.</exception>
    public void RequireOf(S3Options storage)
    {
        RequireHttps(nameof(S3Options.ServiceUrl), storage.ServiceUrl);
        RequireHttps(nameof(S3Options.PublicUrl), storage.PublicUrl);

        void RequireHttps(string setting, string url) => Require(
            !url.StartsWith("http:", StringComparison.OrdinalIgnoreCase), $"{S3Options.Section}:{setting} is '{url}', without TLS. Set it to an https address");
    }

    private void Require(bool isSecure, string problem)
    {
        if (!isSecure && environment.IsProduction() && !IsAllowed())
        {
            throw new SetupException($"{problem}, or, only where the network between is private, set {Setting}=true.");
        }
    }

    private bool IsAllowed() => configuration[Setting] is { Length: > 0 } value
        && (bool.TryParse(value, out var allowed) ? allowed : throw new SetupException($"{Setting} is '{value}'; set it to true or false."));
}
