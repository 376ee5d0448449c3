namespace ImageRepo.Web.Playground;

/// <summary>The content security policy of the playground alone; the rest of the site keeps its stricter one.</summary>
internal static class PlaygroundPolicy
{
    // What it needs beyond the site's own: Ajv compiles its schemas with eval before anything is shown; Emotion and the Monaco editor
    // write styles as they run; fonts are embedded. Inline scripts and other hosts stay out.
    private const string Fixed =
        "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
        "worker-src 'self' blob:; manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; connect-src 'self'";

    /// <param name="host">Where the page was asked for. Older WebKit does not count WebSockets as 'self', so they are named.</param>
    public static string For(HostString host) =>
        Uri.CheckHostName(host.Host) == UriHostNameType.Unknown ? Fixed : $"{Fixed} ws://{host.ToUriComponent()} wss://{host.ToUriComponent()}";
}
