using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace ImageRepo.GraphQL.Execution;

/// <summary>Where clients reach the product: <c>PublicUrl</c>, else the address of the request at hand.</summary>
internal sealed class BaseAddress(IConfiguration configuration, IHttpContextAccessor http)
{
    private readonly Uri? _public = configuration["PublicUrl"] is { Length: > 0 } url ? new Uri(url.TrimEnd('/') + "/", UriKind.Absolute) : null;

    public Uri Current => _public ?? OfRequest(http.HttpContext?.Request);

    private static Uri OfRequest(HttpRequest? request) => request is { Host.HasValue: true }
        && Uri.TryCreate($"{request.Scheme}://{request.Host}{request.PathBase}/", UriKind.Absolute, out var url) ? url : new Uri("http://localhost/");
}
