using GraphQL.Types;
using ImageRepo.Domain;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Images;
using ImageRepo.GraphQL.Subscriptions;
using ImageRepo.GraphQL.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageRepo.GraphQL;

/// <summary>How a host gets the schema: <c>AddImageRepoGraphQL</c>, then <c>MapImageRepoGraphQL</c>.</summary>
public static class ImageRepoGraphQL
{
    /// <summary>Adds the schema and its engine. Reads the sections <c>GraphQL</c>, <c>Limits</c> and <c>RateLimits</c> and the setting <c>PublicUrl</c>.</summary>
    public static IServiceCollection AddImageRepoGraphQL(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<GraphQLOptions>().Bind(configuration.GetSection("GraphQL")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GraphQLOptions>, GraphQLOptionsCheck>();
        services.AddOptions<BaseAddressOptions>().Bind(configuration).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BaseAddressOptions>, BaseAddressOptionsCheck>();
        services.AddHttpContextAccessor();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ISchema>(provider => new ImageRepoSchema(provider));
        services.AddSingleton<DocumentStore>();
        services.AddSingleton<PersistedOperations>();
        services.AddSingleton(provider => new CostMeter(provider.GetRequiredService<ISchema>(), provider.GetRequiredService<IOptions<GraphQLOptions>>().Value));
        services.AddSingleton<Preparation>();
        services.AddSingleton<Batch>();
        services.AddSingleton<SchemaPipeline>();
        services.AddSingleton<SchemaJson>();
        services.AddSingleton<ResponseWriter>();
        services.AddSingleton<BaseAddress>();
        services.AddSingleton<MultipartExecution>();
        services.AddSingleton<GraphQLHttp>();
        services.AddSingleton<OpenStreams>();
        services.AddSingleton<OperationStream>();
        services.AddSingleton<EventStream>();
        services.AddSingleton<SocketEndpoint>();
        services.AddRateLimits(configuration);
        services.AddScoped<ImageLoader>();
        services.AddScoped<SimilarImageLoader>();
        services.AddScoped(provider => new SchemaExecutor(
            provider.GetRequiredService<SchemaPipeline>(), provider.GetRequiredService<SchemaJson>(), provider.GetRequiredService<BaseAddress>(),
            provider.GetRequiredService<ImageUploader>(), provider));
        return services;
    }

    /// <summary>Maps <c>/graphql</c> for GET, POST and WebSockets, and the SDL at <c>/graphql?sdl</c>, <c>/graphql/sdl</c> and <c>/graphql/schema</c>.</summary>
    public static IEndpointConventionBuilder MapImageRepoGraphQL(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/graphql");
        var requests = app.CreateApplicationBuilder();
        requests.UseWebSockets(SocketEndpoint.Options(app.ServiceProvider));
        requests.Run(HandleAsync);
        // CONNECT is how a WebSocket is opened over HTTP/2.
        group.MapMethods("", [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Connect], requests.Build());
        group.MapGet("/sdl", SdlEndpoint.WriteAsync);
        group.MapGet("/schema", SdlEndpoint.WriteAsync);
        // An upload may wait for its turn to be decoded, and its sender is known by more than a form's token.
        return group.WithRateLimits().DisableAntiforgery();
    }

    /// <summary>Answers a request to <c>/graphql</c> that failed before it came there: 503 with Retry-After, in a form that its client reads.</summary>
    public static Task AnswerUnavailableAsync(HttpContext http, UnavailableException away) =>
        http.RequestServices.GetRequiredService<ResponseWriter>().WriteAsync(http, MediaTypes.ForErrors(http), SchemaResponse.Unavailable(away));

    private static Task HandleAsync(HttpContext http)
    {
        if (http.WebSockets.IsWebSocketRequest)
        {
            return http.RequestServices.GetRequiredService<SocketEndpoint>().HandleAsync(http);
        }
        return HttpMethods.IsGet(http.Request.Method) && http.Request.Query.ContainsKey("sdl")
            ? SdlEndpoint.WriteAsync(http)
            : http.RequestServices.GetRequiredService<GraphQLHttp>().HandleAsync(http);
    }

    private sealed class GraphQLOptionsCheck : IValidateOptions<GraphQLOptions>
    {
        public ValidateOptionsResult Validate(string? name, GraphQLOptions options) =>
            options.Problem() is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
    }
}
