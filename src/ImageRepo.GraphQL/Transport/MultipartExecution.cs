using ImageRepo.Domain;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Execution;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageRepo.GraphQL.Transport;

/// <summary>Executes a multipart request once its files are staged, and discards those that no mutation used.</summary>
internal sealed class MultipartExecution(SchemaPipeline pipeline, Preparation preparation, IOptions<GraphQLOptions> options)
{
    private const string Preflight = "GraphQL-Preflight";

    /// <exception cref="BadRequestException">HC0077: without the preflight header. HC0033 to HC0044: it is no multipart request.</exception>
    public async Task<SchemaResponse> ExecuteAsync(HttpContext http, RequestContext context)
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
        var request = multipart.Request with { CostReport = CostHeader.Read(http.Request) };
        if (await preparation.RefuseAsync(request, http.RequestAborted) is { } refused)
        {
            return refused;
        }
        if (request.CostReport is CostReport.InsteadOfResult)
        {
            return await pipeline.ExecuteAsync(request, context, http.RequestServices, http.RequestAborted);
        }
        var uploader = http.RequestServices.GetRequiredService<ImageUploader>();
        try
        {
            await ReceiveAsync(multipart, uploader, context.Caller, http.RequestServices.GetRequiredService<ImageLimits>(), http.RequestAborted);
            return await pipeline.ExecuteAsync(request, context, http.RequestServices, http.RequestAborted);
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
}
