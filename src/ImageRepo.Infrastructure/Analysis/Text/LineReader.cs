using System.Numerics;
using System.Text;
using ImageRepo.Infrastructure.Imaging;

namespace ImageRepo.Infrastructure.Analysis.Text;

/// <summary>Reads one line. The network is PP-OCRv4's recogniser of Latin and Chinese script.</summary>
internal sealed class LineReader(ModelFiles files) : IDisposable
{
    private const int Height = 48;
    private const int LeastWidth = 320;
    private const int MostWidth = 1600;

    private readonly OnnxModel _model = new(files, ModelFiles.TextRecognition);

    // In the network's order: nothing, the characters of the file, the space.
    private readonly Lazy<string[]> _characters = new(
        () => ["", .. Encoding.UTF8.GetString(files.Read(ModelFiles.TextCharacters)).Split('\n'), " "], LazyThreadSafetyMode.PublicationOnly);

    /// <returns>The text, and the mean confidence of its characters; empty and 0 where there is nothing to read.</returns>
    public (string Text, float Confidence) Read(RgbPixels picture, LinePlace place)
    {
        var lineWidth = Math.Clamp((int)MathF.Ceiling(Height * place.Along.Length() / place.Down.Length()), 1, MostWidth);
        var width = Math.Max(LeastWidth, lineWidth);
        return _model.Run(
            [1, 3, Height, width],
            input => Cut(picture, place, input, lineWidth, width),
            outputs => Decode(outputs.Only(out var shape), (int)shape[2]));
    }

    /// <summary>Lays the line level: each pixel of it is the mean of the part of the picture that it covers. What is left of the width stays gray.</summary>
    private static void Cut(RgbPixels picture, LinePlace place, Span<float> input, int lineWidth, int width)
    {
        input.Clear();
        var (right, down) = (place.Along / lineWidth, place.Down / Height);
        var (samplesX, samplesY) = (Samples(right), Samples(down));
        var plane = Height * width;
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < lineWidth; x++)
            {
                var sum = Vector3.Zero;
                for (var sy = 0; sy < samplesY; sy++)
                {
                    for (var sx = 0; sx < samplesX; sx++)
                    {
                        sum += At(picture, place.Start + right * (x + (sx + 0.5f) / samplesX) + down * (y + (sy + 0.5f) / samplesY));
                    }
                }
                var color = sum / (samplesX * samplesY * 127.5f) - Vector3.One;
                var target = y * width + x;
                // Blue, green, red.
                (input[target], input[plane + target], input[2 * plane + target]) = (color.Z, color.Y, color.X);
            }
        }
    }

    private static int Samples(Vector2 step) => Math.Max(1, (int)MathF.Round(step.Length()));

    /// <summary>Between the four pixels around the point; beyond the edge, what lies on it.</summary>
    private static Vector3 At(RgbPixels picture, Vector2 point)
    {
        var x = Math.Clamp(point.X - 0.5f, 0, picture.Width - 1);
        var y = Math.Clamp(point.Y - 0.5f, 0, picture.Height - 1);
        var (left, top) = ((int)x, (int)y);
        var (nextX, nextY) = (Math.Min(left + 1, picture.Width - 1), Math.Min(top + 1, picture.Height - 1));
        return Vector3.Lerp(
            Vector3.Lerp(Pixel(picture, left, top), Pixel(picture, nextX, top), x - left),
            Vector3.Lerp(Pixel(picture, left, nextY), Pixel(picture, nextX, nextY), x - left), y - top);
    }

    private static Vector3 Pixel(RgbPixels picture, int x, int y)
    {
        var pixel = picture.Data.Slice((y * picture.Width + x) * 3, 3);
        return new Vector3(pixel[0], pixel[1], pixel[2]);
    }

    /// <summary>Greedy CTC: the likeliest character of each step; a repeated one is the same one, and "nothing" stands between two.</summary>
    private (string, float) Decode(ReadOnlySpan<float> likelihoods, int classes)
    {
        var characters = _characters.Value;
        var text = new StringBuilder();
        var (previous, sum, count) = (0, 0f, 0);
        for (; likelihoods.Length >= classes; likelihoods = likelihoods[classes..])
        {
            var step = likelihoods[..classes];
            var best = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(step);
            if (best != 0 && best != previous)
            {
                text.Append(characters[best]);
                sum += step[best];
                count++;
            }
            previous = best;
        }
        return count > 0 ? (text.ToString().Trim(), sum / count) : ("", 0);
    }

    public void Dispose() => _model.Dispose();
}
