using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.Tokens;

/// <summary>Refuses requests to the token server that hold what can't be looked up, such as the character NUL, which PostgreSQL doesn't take.</summary>
internal static class ReadableRequests
{
    public static void UseReadableRequests(this WebApplication app) => app.UseWhen(
        http => http.Request.Path.StartsWithSegments("/connect"),
        connect => connect.Use(async (http, next) =>
        {
            if (await IsReadableAsync(http.Request))
            {
                await next(http);
                return;
            }
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            if (Endpoints.ForPrograms.Any(p => http.Request.Path.StartsWithSegments(p)))
            {
                await http.Response.WriteAsJsonAsync(new OpenIddictResponse { Error = Errors.InvalidRequest, ErrorDescription = "The request holds characters that no value has, or its form is malformed." });
            }
        }));

    private static async Task<bool> IsReadableAsync(HttpRequest request)
    {
        if (!request.Query.All(p => IsReadable(p.Key) && p.Value.All(IsReadable)))
        {
            return false;
        }
        if (!request.HasFormContentType)
        {
            return true;
        }
        try
        {
            return (await request.ReadFormAsync(request.HttpContext.RequestAborted)).All(p => IsReadable(p.Key) && p.Value.All(IsReadable));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static bool IsReadable(string? text) => text?.Contains('\0', StringComparison.Ordinal) != true;
}
