using System.Runtime.InteropServices;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>Reads pictures with libvips, as many at a time as the process can bear.</summary>
internal sealed class NetVipsPictureReader : IPictureReader
{
    private readonly ImageLimits _limits;
    private readonly DecodeGate _gate;
    private readonly SemaphoreSlim _headers = new(2 * Environment.ProcessorCount);

    public NetVipsPictureReader(ImageLimits limits, IOptions<ImagingOptions> options)
    {
        Vips.EnsureReady();
        var imaging = options.Value;
        _limits = limits;
        _gate = new DecodeGate(imaging.Decodes, imaging.PixelsInFlight, imaging.QueueLength, imaging.RetryAfter);
    }

    public int HeadLength => ImageSignature.Length;

    public ImageFormat Identify(ReadOnlySpan<byte> head)
    {
        var format = ImageSignature.Identify(head);
        return format != ImageFormat.Heic || HeicPixels.IsAvailable
            ? format
            : throw new UnsupportedImageFormatException(format.ContentType(), [.. ImageFormats.SupportedTypes.Where(t => t != format.ContentType())],
                $"image/heic can't be read on this server's processor ({RuntimeInformation.ProcessArchitecture}). Upload it as JPEG instead.");
    }

    public Task<Picture> ReadAsync(Stream original, ImageFormat format, CancellationToken cancellationToken) =>
        DecodeAsync(original, format, (decoder, header) => decoder.Decode(header), cancellationToken);

    public Task<EncodedRendition> RenderAsync(Stream original, ImageFormat format, RenditionPlan plan, CancellationToken cancellationToken) =>
        DecodeAsync(original, format, (decoder, header) => decoder.Render(header, plan), cancellationToken);

    private async Task<T> DecodeAsync<T>(Stream original, ImageFormat format, Func<PictureDecoder, PictureHeader, T> decode, CancellationToken cancellationToken)
    {
        var decoder = new PictureDecoder(original, format, _limits, cancellationToken);
        // Both are work for a core and read the stream synchronously, so neither runs on the request's thread.
        var header = await ReadHeaderAsync(decoder, cancellationToken);
        var weight = header.Pixels * (header.IsHevc ? HeicPixels.WeightPerPixel : 1);
        using var place = await _gate.EnterAsync(weight, cancellationToken);
        return await Task.Run(() => decode(decoder, header), cancellationToken);
    }

    /// <summary>A few at a time: a header is small, but the metadata beside it need not be.</summary>
    private async Task<PictureHeader> ReadHeaderAsync(PictureDecoder decoder, CancellationToken cancellationToken)
    {
        await _headers.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(decoder.ReadHeader, cancellationToken);
        }
        finally
        {
            _headers.Release();
        }
    }
}
