namespace ImageRepo.Infrastructure.Analysis;

/// <summary>How networks that were trained with OpenCV's pictures are shown one: a plane of blue, one of green, one of red.</summary>
internal static class ColorPlanes
{
    /// <param name="rgb">At least as long as the input.</param>
    /// <param name="mean">Of each plane, in the order blue, green, red, from 0 to 255: what becomes 0.</param>
    /// <param name="deviation">So far from the mean is 1.</param>
    /// <param name="input">The network's.</param>
    public static void Normalise(ReadOnlySpan<byte> rgb, ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation, Span<float> input)
    {
        var plane = input.Length / 3;
        for (var channel = 0; channel < 3; channel++)
        {
            var target = input.Slice(channel * plane, plane);
            var (centre, scale) = (mean[channel], 1 / deviation[channel]);
            for (int i = 0, source = 2 - channel; i < plane; i++, source += 3)
            {
                target[i] = (rgb[source] - centre) * scale;
            }
        }
    }
}
