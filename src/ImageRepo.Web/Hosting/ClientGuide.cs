namespace ImageRepo.Web.Hosting;

/// <summary>docs/clients.md, which the product carries with it, so that its examples are those of the version that runs.</summary>
internal static class ClientGuide
{
    public const string Address = "/docs/clients.md";
    private const string Resource = "clients.md";

    public static void MapClientGuide(this WebApplication app) => app.MapGet(Address, () => Results.Stream(
        typeof(ClientGuide).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} was not built in."),
        "text/plain; charset=utf-8"));
}
