using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Transport;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ImageRepo.Web.Hosting;

/// <summary>Section <c>Cors</c>.</summary>
internal sealed class CrossOriginOptions
{
    /// <summary>The origins of web apps whose scripts may use the API, such as https://app.example.org, with commas between them; none unless set.</summary>
    public string? Origins { get; set; }

    public string[] List => (Origins ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The API for the scripts of other sites: by tokens, never by cookies.</summary>
internal static class CrossOrigin
{
    private static readonly PathString[] Api =
        ["/graphql", "/connect/token", "/connect/userinfo", "/connect/revoke", "/connect/device", "/.well-known"];

    public static void AddCrossOrigin(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CrossOriginOptions>().Bind(configuration.GetSection("Cors")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CrossOriginOptions>, CrossOriginOptionsCheck>();
        services.AddCors();
        // Without AllowCredentials: a browser then keeps what a request with cookies was answered.
        services.AddOptions<CorsOptions>().Configure<IOptions<CrossOriginOptions>>((cors, origins) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(origins.Value.List)
            .WithMethods(HttpMethods.Get, HttpMethods.Post)
            .AllowAnyHeader()
            .WithExposedHeaders(HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate)
            .SetPreflightMaxAge(TimeSpan.FromHours(1))));
    }

    public static void UseCrossOrigin(this WebApplication app) => app.UseWhen(
        context => Api.Any(p => context.Request.Path.StartsWithSegments(p)),
        api =>
        {
            api.Use((context, next) =>
            {
                // A site under the same domain may send a person's cookie along; it must not speak for that person.
                var request = context.Request;
                if (request.Headers.Origin.Count > 0 && !context.WebSockets.IsWebSocketRequest
                    && !SameOrigin.Holds(request, context.RequestServices.GetRequiredService<BaseAddress>().Current))
                {
                    request.Headers.Remove(HeaderNames.Cookie);
                }
                return next(context);
            });
            api.UseCors();
        });

    private sealed class CrossOriginOptionsCheck : IValidateOptions<CrossOriginOptions>
    {
        public ValidateOptionsResult Validate(string? name, CrossOriginOptions options) =>
            options.List.FirstOrDefault(o => !IsOrigin(o)) is { } wrong
                ? ValidateOptionsResult.Fail(
                    $"Cors:{nameof(options.Origins)} holds '{wrong}'; write origins as browsers send them, scheme and host alone, such as https://app.example.org, with commas between them.")
                : ValidateOptionsResult.Success;

        // As a browser writes it: lower case, no port that is the scheme's own, nothing after the host.
        private static bool IsOrigin(string text) =>
            Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
                && url is { Host.Length: > 0 } && text == $"{url.Scheme}://{url.IdnHost}{(url.IsDefaultPort ? "" : $":{url.Port}")}";
    }
}
