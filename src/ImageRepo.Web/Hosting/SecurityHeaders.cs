using ImageRepo.Domain.Storage;

namespace ImageRepo.Web.Hosting;

internal static class SecurityHeaders
{
    private static readonly (string Name, string Value)[] Headers =
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ];

    /// <summary>Headers for every answer. A route that needs another value (the playground, the content links) sets its own first.</summary>
    public static void UseSecurityHeaders(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }
        (string Name, string Value)[] headers = [.. Headers, ("Content-Security-Policy", PolicyOf(app.Services.GetRequiredService<IContentLinks>()))];
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                foreach (var (name, value) in headers)
                {
                    context.Response.Headers.TryAdd(name, value);
                }
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    /// <summary>Lets the page's forms end at another address too: browsers hold back a redirect after a form to an address that the policy doesn't name.</summary>
    public static void LetFormsLeadTo(this HttpContext http, Uri address) =>
        http.Response.Headers.ContentSecurityPolicy = $"{PolicyOf(http.RequestServices.GetRequiredService<IContentLinks>())} {Source(address)}";

    // An address in brackets (IPv6) is no source that the policy's grammar knows, nor is that of an application's own scheme.
    private static string Source(Uri address) => address.Scheme is "http" or "https" && address.HostNameType is not UriHostNameType.IPv6
        ? $"{address.Scheme}://{address.IdnHost}:{address.Port}"
        : $"{address.Scheme}:";

    /// <summary>Pictures and uploads go to and from the S3 server where links lead there; nothing else leaves the product.</summary>
    private static string PolicyOf(IContentLinks links)
    {
        var store = links.Origin is { } origin ? " " + origin.GetLeftPart(UriPartial.Authority) : "";
        // blob: and data: are the upload's previews and the placeholders that are painted until the pixels arrive.
        return $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{store}; connect-src 'self'{store}; " +
            "manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
    }
}
