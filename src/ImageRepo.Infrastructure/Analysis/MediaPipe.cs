namespace ImageRepo.Infrastructure.Analysis;

/// <summary>What MediaPipe's networks have in common.</summary>
internal static class MediaPipe
{
    /// <summary>From -1 to 1, pixel by pixel.</summary>
    /// <param name="rgb">As long as the input.</param>
    /// <param name="input">The network's.</param>
    public static void Normalise(ReadOnlySpan<byte> rgb, Span<float> input)
    {
        for (var i = 0; i < input.Length; i++)
        {
            input[i] = rgb[i] / 127.5f - 1;
        }
    }
}
