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

    /// <summary>Pictures and uploads go to and from the S3 server where links lead there; nothing else leaves the product.</summary>
    private static string PolicyOf(IContentLinks links)
    {
        var store = links.Origin is { } origin ? " " + origin.GetLeftPart(UriPartial.Authority) : "";
        // blob: and data: are the upload's previews and the placeholders that are painted until the pixels arrive.
        return $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{store}; connect-src 'self'{store}; " +
            "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    }
}
