using ImageRepo.GraphQL.Execution;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageRepo.GraphQL.Transport;

/// <summary>The schema in the schema definition language, for tools; it follows the introspection setting.</summary>
internal static class SdlEndpoint
{
    public static Task WriteAsync(HttpContext http)
    {
        if (!http.RequestServices.GetRequiredService<IOptions<GraphQLOptions>>().Value.Introspection)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        http.Response.ContentType = "application/graphql; charset=utf-8";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"schema.graphql\"";
        return http.Response.WriteAsync(SchemaPrinter.Print(http.RequestServices), http.RequestAborted);
    }
}
