using ImageRepo.GraphQL.Execution;
using ImageRepo.Infrastructure;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Hosting;

/// <summary>Section <c>Proxy</c>.</summary>
internal sealed class ProxyOptions
{
    /// <summary>The networks of the proxies before this server, in CIDR notation with commas between them. What they forward of a request is believed; none unless set.</summary>
    public string? KnownNetworks { get; set; }
}

/// <summary>How the product stands behind a proxy that ends TLS.</summary>
internal static class ProxyHosting
{
    public static void AddProxy(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ProxyOptions>().Bind(configuration.GetSection("Proxy")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyOptionsCheck>();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>(Believe);
    }

    public static void UseProxy(this WebApplication app)
    {
        app.UseForwardedHeaders();
        // Read with the first request, not here: a wrong value is to be told by the start.
        var address = app.Services.GetRequiredService<IOptions<BaseAddressOptions>>();
        app.Use((context, next) =>
        {
            if (address.Value.Address is { } known)
            {
                // Whatever host a request claims: what is told of the product, such as where its tokens are to be had, is told of this address.
                context.Request.Host = HostString.FromUriComponent(known);
            }
            if (address.Value.IsSecure)
            {
                // Only the way from the proxy to here is plain, whether or not the proxy says so.
                context.Request.Scheme = Uri.UriSchemeHttps;
            }
            return next(context);
        });
    }

    private static void Believe(ForwardedHeadersOptions forwarded, IOptions<ProxyOptions> proxy)
    {
        // Without the framework's own, which believes whatever runs on this machine.
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        forwarded.ForwardedHeaders = ForwardedHeaders.None;
        foreach (var network in NetworkList.Parse(proxy.Value.KnownNetworks))
        {
            forwarded.KnownIPNetworks.Add(network);
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        }
        // As many proxies in a row as are known; the first address that is not is the client's.
        forwarded.ForwardLimit = null;
    }

    private sealed class ProxyOptionsCheck : IValidateOptions<ProxyOptions>
    {
        public ValidateOptionsResult Validate(string? name, ProxyOptions options) =>
            NetworkList.Problem($"Proxy:{nameof(options.KnownNetworks)}", options.KnownNetworks) is { } problem
                ? ValidateOptionsResult.Fail(problem)
                : ValidateOptionsResult.Success;
    }
}
