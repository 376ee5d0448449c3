using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ImageRepo.GraphQL.Execution;

/// <summary>Where clients reach the product: <c>PublicUrl</c>, else the address of the request at hand.</summary>
public sealed class BaseAddress(IOptions<BaseAddressOptions> options, IHttpContextAccessor http)
{
    private readonly Uri? _public = options.Value.Address;

    /// <summary>Ends with a slash.</summary>
    public Uri Current => _public ?? OfRequest(http.HttpContext?.Request);

    private static Uri OfRequest(HttpRequest? request) => request is { Host.HasValue: true }
        && Uri.TryCreate($"{request.Scheme}://{request.Host}{request.PathBase}/", UriKind.Absolute, out var url) ? url : new Uri("http://localhost/");
}
