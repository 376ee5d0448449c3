using System.Collections.Frozen;

namespace ImageRepo.Web.Playground;

internal static class PlaygroundHosting
{
    private const string Route = "/graphql/ui";

    /// <summary>
    /// Banana Cake Pop at /graphql/ui/, from the folder that the build restored beside the program or from the setting
    /// Playground:Directory. Where neither holds it, the page of the same address says how to add it.
    /// </summary>
    public static void MapPlayground(this WebApplication app)
    {
        var folder = app.Configuration["Playground:Directory"] is { Length: > 0 } directory
            ? Path.GetFullPath(directory, app.Environment.ContentRootPath)
            : Path.Combine(AppContext.BaseDirectory, "playground");
        var files = FilesOf(folder);
        if (!files.ContainsKey(PlaygroundFile.Index))
        {
            return;
        }
        // Before the page that stands in for it.
        app.MapMethods(Route + "/{**path}", [HttpMethods.Get, HttpMethods.Head], (HttpContext http, string? path) => Answer(http, path ?? "", files))
            .AllowAnonymous()
            .WithOrder(-1);
    }

    private static FrozenDictionary<string, PlaygroundFile> FilesOf(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToFrozenDictionary(f => Path.GetRelativePath(folder, f).Replace('\\', '/'), f => new PlaygroundFile(f))
        : FrozenDictionary<string, PlaygroundFile>.Empty;

    private static IResult Answer(HttpContext http, string path, FrozenDictionary<string, PlaygroundFile> files)
    {
        var request = http.Request;
        // The IDE's own links are relative: they need the slash.
        if (path == "" && !request.Path.Value!.EndsWith('/'))
        {
            return TypedResults.LocalRedirect($"{request.PathBase}{Route}/{request.QueryString}", permanent: true);
        }
        http.Response.Headers.ContentSecurityPolicy = PlaygroundPolicy.For(request.Host);
        if (path == "bcp-config.json")
        {
            http.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Json(new PlaygroundSettings($"{request.PathBase}/graphql", UseBrowserUrlAsEndpoint: false, DisableTelemetry: true));
        }
        return files.TryGetValue(path == "" ? PlaygroundFile.Index : path, out var file) ? file.Send(http) : TypedResults.NotFound();
    }

    private sealed record PlaygroundSettings(string Endpoint, bool UseBrowserUrlAsEndpoint, bool DisableTelemetry);
}
