using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ImageRepo.Web.Hosting;

internal static class ServerHosting
{
    /// <summary>Bytes of a request's body; the routes that take images raise it for themselves.</summary>
    private const long BodyBytes = 1 << 20;

    /// <param name="defaultUrl">The address when nothing else names one.</param>
    public static void AddServer(this WebApplicationBuilder builder, string defaultUrl)
    {
        builder.ListenByDefaultOn(defaultUrl);
        builder.AddLimits();
    }

    private static void AddLimits(this WebApplicationBuilder builder) =>
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = BodyBytes;
            server.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            server.Limits.MaxRequestLineSize = 16 * 1024;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            server.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
            server.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
        });

    /// <summary>Not in appsettings.json, since what stands there would override ASPNETCORE_URLS.</summary>
    private static void ListenByDefaultOn(this WebApplicationBuilder builder, string url)
    {
        string[] settings = ["urls", "http_ports", "https_ports"];
        if (settings.All(s => string.IsNullOrEmpty(builder.Configuration[s])) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(url);
        }
    }
}
