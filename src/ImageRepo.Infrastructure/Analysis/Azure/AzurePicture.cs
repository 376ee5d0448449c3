using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Imaging;

namespace ImageRepo.Infrastructure.Analysis.Azure;

/// <summary>
/// The picture as the service takes it: a JPEG of the largest stored rendition, whose longer side has 1600 pixels at most, so that no
/// original is ever too large. What is no JPEG (an animation, a picture with transparent parts) is sent as its first frame on white.
/// </summary>
internal static class AzurePicture
{
    /// <summary>Under the 4 MB of version 3.2, and far under the 20 MB of 4.0.</summary>
    public const int MaxBytes = 4_000_000;

    /// <summary>The service wants more than 50 pixels on either side.</summary>
    public const int MinSide = 51;

    private static readonly int[] Qualities = [85, 60, 30];

    /// <exception cref="AnalysisFailedException">It can't be sent; the message says why.</exception>
    public static async Task<byte[]> ReadAsync(Stream rendition, CancellationToken cancellationToken)
    {
        using var encoded = new MemoryStream();
        await rendition.CopyToAsync(encoded, cancellationToken);
        return await Task.Run(() => Encode(encoded), cancellationToken);
    }

    private static byte[] Encode(MemoryStream encoded)
    {
        encoded.Position = 0;
        using var pixels = Decode(encoded);
        if (Math.Min(pixels.Width, pixels.Height) < MinSide)
        {
            throw new AnalysisFailedException($"Azure takes pictures of {MinSide} pixels a side or more; this one is sent with {pixels.Width} x {pixels.Height}.");
        }
        if (encoded.Length <= MaxBytes && encoded.GetBuffer().AsSpan() is [0xff, 0xd8, 0xff, ..])
        {
            return encoded.ToArray();
        }
        return Qualities.Select(pixels.ToJpeg).FirstOrDefault(jpeg => jpeg.Length <= MaxBytes)
            ?? throw new AnalysisFailedException($"Azure takes pictures of {MaxBytes} bytes at most, and this one can't be made so small.");
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
