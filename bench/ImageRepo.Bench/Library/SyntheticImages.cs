using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;

namespace ImageRepo.Bench.Library;

/// <summary>
/// Images as the product would have made them, the same ones for every run: half of them of one owner, the others of many; one a
/// minute, oldest first; tags by Zipf's law, palettes scattered over OKLab.
/// </summary>
internal sealed class SyntheticImages(int count)
{
    private static readonly ImageLimits Limits = new();
    private static readonly DateTimeOffset Newest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Random _random = new(42);
    private readonly Vocabulary _vocabulary = new();
    private long _resembled = 1;

    public int Owners { get; } = Math.Max(2, count / 100);

    public IEnumerable<Image> All() => Enumerable.Range(0, count).Select(Create);

    private Image Create(int number)
    {
        var owner = new OwnerId(Product.OwnerNumber(number % 2 == 0 ? 1 : 2 + _random.Next(Owners - 1)));
        var uploaded = Newest.AddMinutes(number - count);
        var (width, height) = _random.Next(3) switch { 0 => (3000, 4000), 1 => (4000, 3000), _ => (4096, 2304) };
        var hash = new byte[32];
        _random.NextBytes(hash);
        var staged = new StagedUpload(
            ImageId.New(uploaded), owner, $"IMG_{_random.Next(100_000):D5}.jpg", _random.Next(500_000, 9_000_000), ContentHash.FromBytes(hash), ImageFormat.Jpeg);
        var image = Image.Upload(staged, Picture(width, height, uploaded), UploadDetails.None, Limits, uploaded);

        image.StartAnalysis();
        var tags = Enumerable.Range(0, _random.Next(2, 9)).Select(_ => _vocabulary.Draw(_random)).Distinct().ToList();
        if (number % 2 == 0 && number < count * 0.04)
        {
            tags.Add(Vocabulary.Clustered);
        }
        var description = $"A {_vocabulary.Draw(_random)} with {_vocabulary.Draw(_random)} and {_vocabulary.Draw(_random)}";
        image.CompleteAnalysis(
            new AnalysisResult("Synthetic 1", description, 0.5f, [.. tags.Select(t => (t, _random.NextSingle()))],
                [new DetectedObject("thing", 0.5f, new Box(0.25f, 0.25f, 0.5f, 0.5f))]),
            Limits, uploaded);
        return image;
    }

    private Picture Picture(int width, int height, DateTimeOffset uploaded)
    {
        var colors = Palette();
        var thumbHash = new byte[24];
        _random.NextBytes(thumbHash);
        DateTimeOffset? taken = _random.Next(10) == 0 ? null : uploaded.AddMinutes(-_random.Next(2_000_000));
        return new Picture(
            ImageFormat.Jpeg, width, height, Frames: 1, HasAlpha: false, colors, [.. colors.Select(c => c.Name).Distinct().Take(3)], colors[0].Hex,
            IsBlackAndWhite: false, thumbHash, PerceptualHash(),
            new Exif("Maker", "Model", "24-70", "1/250", 2.8, 100, 35, taken, null, new GeoLocation(52.5, 13.4, 34)),
            [Rendition(320, ImageFormat.WebP), Rendition(800, ImageFormat.WebP), Rendition(1600, ImageFormat.Jpeg)]);

        EncodedRendition Rendition(int size, ImageFormat format) =>
            new(size, size * width / Math.Max(width, height), size * height / Math.Max(width, height), format, []);
    }

    /// <summary>One in a hundred pictures resembles another: up to ten bits of their hashes differ.</summary>
    private long PerceptualHash()
    {
        if (_random.Next(100) == 0)
        {
            return Enumerable.Range(0, _random.Next(11)).Aggregate(_resembled, (hash, _) => hash ^ 1L << _random.Next(63));
        }
        var hash = _random.NextInt64();
        _resembled = _random.Next(500) == 0 ? hash : _resembled;
        return hash;
    }

    /// <summary>Three to six colours, most of them dull, as in photos.</summary>
    private List<ImageColor> Palette()
    {
        var shares = Enumerable.Range(0, _random.Next(3, 7)).Select(_ => 0.1f + _random.NextSingle()).OrderDescending().ToList();
        return [.. shares.Select(share =>
        {
            var (chroma, hue) = (0.3 * _random.NextDouble() * _random.NextDouble(), 2 * Math.PI * _random.NextDouble());
            var hex = new Oklab(0.1 + 0.85 * _random.NextDouble(), chroma * Math.Cos(hue), chroma * Math.Sin(hue)).ToHex();
            return new ImageColor(hex, ColorNames.NameOf(Oklab.From(hex)), share / shares.Sum());
        })];
    }
}
