using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Subscriptions;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ImageRepo.GraphQL.Transport;

/// <summary>GraphQL over HTTP, and the multipart request specification: turns requests into operations and results into responses.</summary>
internal sealed class GraphQLHttp(
    SchemaPipeline pipeline, Preparation preparation, MultipartExecution multiparts, Batch batches, ResponseWriter responses,
    EventStream events, OpenStreams streams, OperationStream operations, BaseAddress address, Outages outages, IOptions<GraphQLOptions> options, ILogger<GraphQLHttp> logger)
{
    public async Task HandleAsync(HttpContext http)
    {
        // Told before anything else can fail, so that every answer has a type that the client reads.
        var mediaType = MediaTypes.Negotiate(http.Request.Headers.Accept);
        try
        {
            if (mediaType is null)
            {
                throw NotAcceptable();
            }
            await AnswerAsync(http, mediaType);
        }
        catch (BadRequestException bad)
        {
            await responses.WriteAsync(http, ErrorType(mediaType), SchemaResponse.Refused(bad.Message, bad.Code), bad.Status);
        }
        catch (ClientLeftException left)
        {
            await responses.WriteAsync(http, ErrorType(mediaType), SchemaResponse.Refused("The request is incomplete.", "HC0009"), left.Status);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to answer.
        }
        catch (Exception failure) when (!http.Response.HasStarted && outages.Of(failure) is { } away)
        {
            await responses.WriteAsync(http, ErrorType(mediaType), SchemaResponse.Unavailable(away));
        }
        catch (Exception failure) when (!http.Response.HasStarted)
        {
            // A program that asked for JSON can't read the page that people get.
            logger.LogError(failure, "A request could not be answered");
            await responses.WriteAsync(http, ErrorType(mediaType), SchemaResponse.Refused(SchemaErrorInfo.Unexpected, code: null), StatusCodes.Status500InternalServerError);
        }
    }

    private async Task AnswerAsync(HttpContext http, string mediaType)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            await RunAsync(http, mediaType, FromQuery(http.Request.Query) with { CostReport = CostHeader.Read(http.Request) });
            return;
        }
        // Browsers send text/plain and forms across origins without asking first, so no other type is read.
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type))
        {
            throw new BadRequestException("HC0009", "The request needs a Content-Type: application/json or multipart/form-data.", StatusCodes.Status415UnsupportedMediaType);
        }
        if (type.MediaType.Equals(MediaTypes.Multipart, StringComparison.OrdinalIgnoreCase))
        {
            await responses.WriteAsync(http, WithoutStream(mediaType), await multiparts.ExecuteAsync(http, Context(http)));
            return;
        }
        if (!type.MediaType.Equals(MediaTypes.Json, StringComparison.OrdinalIgnoreCase))
        {
            throw new BadRequestException("HC0009", "The Content-Type is not supported; send application/json or multipart/form-data.", StatusCodes.Status415UnsupportedMediaType);
        }
        var report = CostHeader.Read(http.Request);
        var (one, batch) = RequestReader.ReadOneOrMany(await JsonAsync(http, type), options.Value.MaxBatch);
        await (one is not null
            ? RunAsync(http, mediaType, one with { CostReport = report })
            : RunAsync(http, WithoutStream(mediaType), batch!.Select(r => r with { CostReport = report }).ToList()));
    }

    private static SchemaRequest FromQuery(IQueryCollection query)
    {
        var hash = PersistedQueryExtension.HashOf(RequestReader.ReadObject(query["extensions"], "extensions"));
        return new SchemaRequest(query["query"], query["operationName"], RequestReader.ReadObject(query["variables"], "variables"), QueriesOnly: true) { DocumentHash = hash };
    }

    private async Task<byte[]> JsonAsync(HttpContext http, MediaTypeHeaderValue type)
    {
        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadRequestException("HC0009", "The request must be UTF-8.", StatusCodes.Status415UnsupportedMediaType);
        }
        var max = options.Value.MaxJsonBytes;
        var message = $"The request has more bytes than the {max} allowed.";
        if (http.Request.ContentLength > max)
        {
            throw new BadRequestException("HC0010", message, StatusCodes.Status413PayloadTooLarge);
        }
        return await BoundedBody.ReadAsync(new ClientStream(http.Request.Body), max, message, http.RequestAborted);
    }

    private async Task RunAsync(HttpContext http, string mediaType, SchemaRequest request)
    {
        // A client that names event streams beside other types means subscriptions by it.
        var isStream = mediaType == MediaTypes.EventStream
            || (MediaTypes.AcceptsEventStream(http.Request.Headers.Accept) && await preparation.IsSubscriptionAsync(request, http.RequestAborted));
        if (!isStream || HttpMethods.IsHead(http.Request.Method))
        {
            await responses.WriteAsync(http, WithoutStream(mediaType), await ExecuteAsync(http, request));
            return;
        }
        var subscriber = await BearerToken.SubscriberAsync(http, address.Current);
        var byCookie = subscriber.HasCookie || (Caller.From(subscriber.User).Owner is null && SameOrigin.HasForgottenCookies(http));
        if (byCookie && !SameOrigin.Holds(http.Request, subscriber.BaseUrl))
        {
            throw new BadRequestException("HC0009", "An event stream that a cookie signs in needs an `Origin` header of this site.", StatusCodes.Status403Forbidden);
        }
        if (await preparation.RefuseAsync(request with { IsStreamed = true }, http.RequestAborted) is { Refusal: Refusal.NotAQuery } refused)
        {
            await responses.WriteAsync(http, MediaTypes.Response, refused);
            return;
        }
        using var place = streams.Open(CallerKey.Of(http));
        if (place is null)
        {
            await TooManyRequests.AnswerAsync(http, OpenStreams.Problem, OpenStreams.Wait);
            return;
        }
        await events.WriteAsync(http, ended => operations.RunAsync(request, subscriber, ended));
    }

    private async Task RunAsync(HttpContext http, string mediaType, IReadOnlyList<SchemaRequest> requests)
    {
        if (await batches.RefuseAsync(requests, http.RequestAborted) is { } refused)
        {
            await responses.WriteAsync(http, mediaType, refused);
            return;
        }
        var results = new List<SchemaResponse>();
        foreach (var request in requests)
        {
            // Services of its own for each: what one loaded is old when the next has changed it.
            await using var scope = http.RequestServices.CreateAsyncScope();
            results.Add(await pipeline.ExecuteAsync(request, Context(http), scope.ServiceProvider, http.RequestAborted));
        }
        var wantsJson = mediaType == MediaTypes.Json || StringValues.IsNullOrEmpty(http.Request.Headers.Accept)
            || MediaTypes.Accepts(http.Request.Headers.Accept, MediaTypes.Json);
        await responses.WriteAsync(http, wantsJson ? MediaTypes.Json : mediaType, results);
    }

    private Task<SchemaResponse> ExecuteAsync(HttpContext http, SchemaRequest request) =>
        pipeline.ExecuteAsync(request, Context(http), http.RequestServices, http.RequestAborted);

    private RequestContext Context(HttpContext http) => new(Caller.From(http.User), address.Current);

    private static string WithoutStream(string mediaType) => mediaType == MediaTypes.EventStream ? throw NotAcceptable() : mediaType;

    /// <summary>A request that is none is answered with JSON, whatever a stream would have looked like.</summary>
    private static string ErrorType(string? mediaType) => mediaType is null or MediaTypes.EventStream ? MediaTypes.Response : mediaType;

    private static BadRequestException NotAcceptable() =>
        new("HC0063", "None of the `Accept` header values is supported.", StatusCodes.Status406NotAcceptable);
}
