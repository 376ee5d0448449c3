using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Analysis.Text;
using ImageRepo.Infrastructure.Imaging;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace ImageRepo.Infrastructure.Analysis;

/// <summary>The analyzer that needs no network and no account. What it can and can't tell is in docs/analysis.md.</summary>
internal sealed class LocalAnalyzer(NanoDet objects, SsdMobileNet second, BlazeFace faces, TextRecognition text, ILogger<LocalAnalyzer> logger) : IImageAnalyzer
{
    public string Name => "local 1.6 (nanodet-g, ssd-mobilenet-v2, blazeface-back, pp-ocrv4)";

    public async Task<AnalysisResult> AnalyzeAsync(Stream rendition, PictureFacts facts, CancellationToken cancellationToken)
    {
        // The decoder reads without awaiting, and the stream may come over the network: fetch it first. A rendition is small.
        using var encoded = new MemoryStream();
        await rendition.CopyToAsync(encoded, cancellationToken);
        encoded.Position = 0;
        return await Task.Run(() => Analyze(encoded, facts, cancellationToken), cancellationToken);
    }

    private AnalysisResult Analyze(Stream encoded, PictureFacts facts, CancellationToken cancellationToken)
    {
        using var pixels = Decode(encoded);
        cancellationToken.ThrowIfCancellationRequested();
        var seen = Look(pixels, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return Describe(seen, Read(pixels, cancellationToken), facts);
    }

    /// <param name="lines">Null where nothing was read.</param>
    internal AnalysisResult Describe(Sightings seen, IReadOnlyList<TextLine>? lines, PictureFacts facts)
    {
        var (description, confidence) = Caption.Of(seen, facts);
        return new AnalysisResult(
            Name, description, confidence, LocalTags.Of(seen, lines ?? [], facts),
            [.. seen.Objects.Select(o => new DetectedObject(o.Name, o.Confidence, o.Region.ToBox()))])
        { Text = lines };
    }

    /// <summary>What is seen without reading.</summary>
    /// <exception cref="AnalysisFailedException">A network failed on this picture.</exception>
    internal Sightings Look(DecodedPixels pixels, CancellationToken cancellationToken)
    {
        try
        {
            var first = objects.Detect(pixels, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            var found = Detections.Confirm(first, second.Detect(pixels), Sightings.SureSecond);
            cancellationToken.ThrowIfCancellationRequested();
            // Faces count only within people, so a picture without any spares the third network.
            return Sightings.Of(found, found.Any(o => o.Name == Sightings.Person) ? faces.Detect(pixels) : []);
        }
        catch (OnnxRuntimeException e)
        {
            throw new AnalysisFailedException("The recognition of objects failed on this picture.", e);
        }
    }

    /// <summary>Null when it failed: what was seen before is worth keeping without it.</summary>
    private IReadOnlyList<TextLine>? Read(DecodedPixels pixels, CancellationToken cancellationToken)
    {
        try
        {
            return text.Read(pixels, cancellationToken);
        }
        catch (Exception e) when (e is OnnxRuntimeException or ModelFileException)
        {
            logger.LogWarning(e, "The recognition of text failed on a picture; what else was seen in it is kept");
            return null;
        }
    }

    private static DecodedPixels Decode(Stream encoded)
    {
        try
        {
            return DecodedPixels.Decode(encoded);
        }
        catch (CorruptImageException e)
        {
            throw new AnalysisFailedException("The stored preview of this picture can't be read, so it could not be analysed.", e);
        }
    }
}
