using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.GraphQL;

/// <summary>How a host gets the schema: <c>AddImageRepoGraphQL</c>, then <c>MapImageRepoGraphQL</c>.</summary>
public static class ImageRepoGraphQL
{
    /// <summary>Adds the schema and its engine. Reads the sections <c>GraphQL</c> and <c>Limits</c> and the setting <c>PublicUrl</c>.</summary>
    public static IServiceCollection AddImageRepoGraphQL(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHttpContextAccessor();
        services.AddScoped<SchemaExecutor>();
        return services;
    }

    /// <summary>Maps <c>/graphql</c> for GET and POST, and the SDL at <c>/graphql?sdl</c>, <c>/graphql/sdl</c> and <c>/graphql/schema</c>.</summary>
    public static IEndpointConventionBuilder MapImageRepoGraphQL(this IEndpointRouteBuilder app) =>
        app.MapGroup("/graphql");
}
