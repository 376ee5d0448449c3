using ImageRepo.Domain;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Execution;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ImageRepo.GraphQL.Transport;

/// <summary>GraphQL over HTTP, and the multipart request specification: turns requests into operations and results into responses.</summary>
internal sealed class GraphQLHttp(SchemaPipeline pipeline, ResponseWriter responses, BaseAddress address, IOptions<GraphQLOptions> options)
{
    private const string Preflight = "GraphQL-Preflight";

    public async Task HandleAsync(HttpContext http)
    {
        // Told before anything else can fail, so that every answer has a type that the client reads.
        var mediaType = MediaTypes.Negotiate(http.Request.Headers.Accept);
        try
        {
            var response = mediaType is null
                ? throw new BadRequestException("HC0063", "None of the `Accept` header values is supported.", StatusCodes.Status406NotAcceptable)
                : await ExecuteAsync(http);
            await responses.WriteAsync(http, mediaType, response);
        }
        catch (BadRequestException bad)
        {
            await responses.WriteAsync(http, mediaType ?? MediaTypes.Response, SchemaResponse.Refused(bad.Message, bad.Code), bad.Status);
        }
        catch (ClientLeftException left)
        {
            await responses.WriteAsync(http, mediaType ?? MediaTypes.Response, SchemaResponse.Refused("The request is incomplete.", "HC0009"), left.Status);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to answer.
        }
    }

    private Task<SchemaResponse> ExecuteAsync(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            return RunAsync(http, FromQuery(http.Request.Query));
        }
        // Browsers send text/plain and forms across origins without asking first, so no other type is read.
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type))
        {
            throw new BadRequestException("HC0009", "The request needs a Content-Type: application/json or multipart/form-data.", StatusCodes.Status415UnsupportedMediaType);
        }
        return type.MediaType switch
        {
            var json when json.Equals(MediaTypes.Json, StringComparison.OrdinalIgnoreCase) => FromJsonAsync(http, type),
            var form when form.Equals(MediaTypes.Multipart, StringComparison.OrdinalIgnoreCase) => FromMultipartAsync(http),
            _ => throw new BadRequestException("HC0009", "The Content-Type is not supported; send application/json or multipart/form-data.", StatusCodes.Status415UnsupportedMediaType),
        };
    }

    private static SchemaRequest FromQuery(IQueryCollection query)
    {
        var hash = PersistedQueryExtension.HashOf(RequestReader.ReadObject(query["extensions"], "extensions"));
        return new SchemaRequest(query["query"], query["operationName"], RequestReader.ReadObject(query["variables"], "variables"), QueriesOnly: true) { DocumentHash = hash };
    }

    private async Task<SchemaResponse> FromJsonAsync(HttpContext http, MediaTypeHeaderValue type)
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
        var json = await BoundedBody.ReadAsync(new ClientStream(http.Request.Body), max, message, http.RequestAborted);
        return await RunAsync(http, RequestReader.Read(json));
    }

    private async Task<SchemaResponse> FromMultipartAsync(HttpContext http)
    {
        if (!http.Request.Headers.ContainsKey(Preflight))
        {
            throw new BadRequestException("HC0077", "Multi-part requests must include a GraphQL preflight header.");
        }
        // Each file is bounded while it is read, and their number too: the sum needs no limit of its own.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
        {
            body.MaxRequestBodySize = null;
        }
        var multipart = await MultipartRequest.OpenAsync(http.Request.ContentType, http.Request.Body, http.Request.ContentLength, options.Value, http.RequestAborted);
        if (await pipeline.RefuseAsync(multipart.Request, http.RequestAborted) is { } refused)
        {
            return refused;
        }
        var uploader = http.RequestServices.GetRequiredService<ImageUploader>();
        try
        {
            await ReceiveAsync(multipart, uploader, Caller.From(http.User), http.RequestServices.GetRequiredService<ImageLimits>(), http.RequestAborted);
            return await RunAsync(http, multipart.Request);
        }
        finally
        {
            await uploader.DiscardUnusedAsync(multipart.Request.Variables);
        }
    }

    private static async Task ReceiveAsync(
        MultipartRequest multipart, ImageUploader uploader, Caller caller, ImageLimits limits, CancellationToken cancellationToken)
    {
        if (caller is not { CanWrite: true, Owner: { } owner })
        {
            // The schema says what is missing; nobody's bytes are stored before that.
            multipart.FillWith(ReceivedFile.Unread);
            return;
        }
        if (multipart.OnlyFileExceeds(limits.UploadBytes))
        {
            // Told at once, instead of after the limit's worth of bytes. The server drains what is on its way, so the answer is read.
            multipart.FillWith(ReceivedFile.Refused(new ImageTooLargeException(null, limits.UploadBytes)));
            return;
        }
        await multipart.ReceiveAsync(async (fileName, content) =>
        {
            try
            {
                return (ReceivedFile.Staged(await uploader.StageAsync(owner, fileName, content, cancellationToken)), WantsMore: true);
            }
            catch (DomainException refusal)
            {
                // To read on would be to swallow what is left of a file that may have no end.
                return (ReceivedFile.Refused(refusal), WantsMore: refusal is not ImageTooLargeException);
            }
        }, cancellationToken);
    }

    private Task<SchemaResponse> RunAsync(HttpContext http, SchemaRequest request) => pipeline.ExecuteAsync(
        request, new RequestContext(Caller.From(http.User), address.Current), http.RequestServices, http.RequestAborted);
}
