using Microsoft.AspNetCore.Diagnostics;

namespace ImageRepo.Web.Hosting;

internal static class ErrorPages
{
    private static readonly PathString[] ForPrograms = ["/graphql", "/content", "/uploads", "/health", "/connect"];

    /// <summary>Every error that a person meets is a page in the product's own style; programs get the bare status.</summary>
    public static void UseErrorPages(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error/500",
            // A body that is too large, too slow or cut off is the client's error, not the server's.
            StatusCodeSelector = e => e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
        });
        app.UseWhen(
            context => !ForPrograms.Any(p => context.Request.Path.StartsWithSegments(p)),
            pages => pages.UseStatusCodePagesWithReExecute("/error/{0}"));
    }
}
