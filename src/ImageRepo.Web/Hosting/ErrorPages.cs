using ImageRepo.Web.Identity.Tokens;
using Microsoft.AspNetCore.Diagnostics;

namespace ImageRepo.Web.Hosting;

internal static class ErrorPages
{
    private static readonly PathString[] ForPrograms = ["/graphql", "/content", "/uploads", "/health", .. Endpoints.ForPrograms];

    /// <summary>Every error that a person meets is a page in the product's own style; programs get the bare status.</summary>
    public static void UseErrorPages(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error/500",
            // What failed is kept by the services of the request, its authentication among them.
            CreateScopeForErrors = true,
            // A body that is too large, too slow or cut off is the client's error, not the server's.
            StatusCodeSelector = e => e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException
                || context.ExceptionHandledBy is ExceptionHandledType.ExceptionHandlerService
                || context.HttpContext.Response.StatusCode == StatusCodes.Status503ServiceUnavailable,
        });
        app.UseWhen(
            context => !IsForPrograms(context.Request.Path),
            pages => pages.UseStatusCodePagesWithReExecute("/error/{0}"));
    }

    /// <summary>Whether it is a program that asks there, which can't read a page.</summary>
    public static bool IsForPrograms(PathString path) => ForPrograms.Any(p => path.StartsWithSegments(p));
}
