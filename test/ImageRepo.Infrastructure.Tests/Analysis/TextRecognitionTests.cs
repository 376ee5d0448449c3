using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Analysis;
using ImageRepo.Infrastructure.Analysis.Text;
using ImageRepo.Infrastructure.Imaging;
using NetVips;

namespace ImageRepo.Infrastructure.Tests.Analysis;

/// <summary>The real networks on a photograph of a page: seven lines, bent, unevenly lit.</summary>
public sealed class TextRecognitionTests : IDisposable
{
    private static readonly string[] Page =
    [
        "Region-based segmentation",
        "Let us first determine markers of the coins and the",
        "background. These markers are pixels that we can label",
        "unambiguously as either object or background. Here,",
        "the markers are found at the two extreme parts of the",
        "histogram of grey values:",
        ">>> markers = np.zeros_like(coins)",
    ];

    private readonly TextDetector _detector = new(new ModelFiles(ModelFiles.ShippedDirectory));
    private readonly LineReader _reader = new(new ModelFiles(ModelFiles.ShippedDirectory));
    private readonly TextRecognition _text;

    public TextRecognitionTests() => _text = new TextRecognition(_detector, _reader);

    [Fact]
    public void Seven_lines_of_a_photographed_page_are_read() => AssertReads(Page, Read(page => page.Copy()));

    [Theory]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(270)]
    public void A_page_that_lies_on_its_side_or_head_is_read_in_order(double angle) => AssertReads(Page, Read(page => page.Rotate(angle)));

    [Theory]
    [InlineData(-20)]
    [InlineData(15)]
    public void A_tilted_page_is_read_in_order(double angle) =>
        AssertReads(Page, Read(page =>
        {
            using var large = page.Resize(2.5, kernel: Enums.Kernel.Cubic);
            return large.Rotate(angle, background: [160.0]);
        }));

    /// <summary>What is nearer to a square is looked at in two bands: the middle of each of the seven lines is laid on their seam once, and that of one in other shapes.</summary>
    [Theory]
    [InlineData(0.11, 768)]
    [InlineData(0.3, 768)]
    [InlineData(0.39, 768)]
    [InlineData(0.49, 768)]
    [InlineData(0.58, 768)]
    [InlineData(0.67, 768)]
    [InlineData(0.94, 768)]
    [InlineData(0.49, 614)]
    [InlineData(0.49, 640)]
    [InlineData(0.49, 960)]
    public void A_line_on_the_seam_of_two_bands_is_read(double partOfThePage, int height) =>
        AssertReads(Page, Read(page =>
        {
            var width = page.Width * 2;
            var scale = 960.0 / Math.Max(width, height);
            // Bands are of whole steps of 32 rows, the upper one the higher.
            var seam = (int)(Math.Ceiling(Math.Round(height * scale / 32) / 2) * 32 / scale);
            return page.Embed((width - page.Width) / 2, seam - (int)(page.Height * partOfThePage), width, height, Enums.Extend.Background, [160.0]);
        }));

    [Fact]
    public void A_line_is_where_it_stands()
    {
        var title = Read(page => page.Copy()).First();

        // The title fills three quarters of the width, in the upper quarter.
        Assert.InRange(title.Box.X, 0, 0.03f);
        Assert.InRange(title.Box.Y, 0.02f, 0.1f);
        Assert.InRange(title.Box.X + title.Box.Width, 0.74f, 0.8f);
        Assert.InRange(title.Box.Height, 0.08f, 0.16f);
        Assert.InRange(title.Confidence, 0.9f, 1);
    }

    [Fact]
    public void Nothing_is_read_where_nothing_is_written()
    {
        foreach (var photo in new[] { "cat.jpg", "giraffe.jpg", "brook.jpg", "dandelions.jpg", "mountains.jpg" })
        {
            using var pixels = DecodedPixels.Decode(Renditions.OfPhoto(photo).Rendition);

            Assert.Equal((photo, ""), (photo, string.Join(" / ", _text.Read(pixels, default).Select(l => l.Text))));
        }
    }

    [Theory]
    [InlineData(1, 1600)]
    [InlineData(1600, 1)]
    [InlineData(1, 1)]
    public void Extreme_shapes_are_looked_at(int width, int height)
    {
        using var pixels = DecodedPixels.Decode(Renditions.OfSize(width, height).Rendition);

        Assert.Empty(_text.Read(pixels, default));
    }

    private IReadOnlyList<TextLine> Read(Func<Image, Image> change)
    {
        Vips.EnsureReady();
        using var page = Image.NewFromFile(Photo);
        using var changed = change(page);
        using var pixels = DecodedPixels.Decode(new MemoryStream(changed.PngsaveBuffer(keep: Enums.ForeignKeep.None)));
        return _text.Read(pixels, default);
    }

    private static string Photo => Path.Combine(Path.GetDirectoryName(Renditions.Photos.First(p => p.EndsWith("brook.jpg", StringComparison.Ordinal)))!, "text", "page.png");

    /// <summary>At most 5 % of the characters wrong, missing or too many. A last line, cut through by the photo's edge, may follow.</summary>
    private static void AssertReads(string[] expected, IReadOnlyList<TextLine> lines)
    {
        var wanted = Letters(string.Concat(expected));
        var read = Letters(string.Concat(lines.Select(l => l.Text)));
        var errors = EditsToPrefix(wanted, read);
        Assert.True(errors <= wanted.Length * 0.05, $"{errors} of {wanted.Length} characters are wrong: {string.Join(" / ", lines.Select(l => l.Text))}");
    }

    /// <summary>Spaces are left out: where lines are broken up is no matter.</summary>
    private static string Letters(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    /// <summary>Levenshtein's distance to the nearest beginning of what was read.</summary>
    private static int EditsToPrefix(string wanted, string read)
    {
        var row = Enumerable.Range(0, read.Length + 1).ToArray();
        foreach (var (index, letter) in wanted.Index())
        {
            var diagonal = row[0];
            row[0] = index + 1;
            for (var i = 1; i <= read.Length; i++)
            {
                var cost = diagonal + (read[i - 1] == letter ? 0 : 1);
                diagonal = row[i];
                row[i] = Math.Min(cost, Math.Min(row[i], row[i - 1]) + 1);
            }
        }
        return row.Min();
    }

    public void Dispose()
    {
        _detector.Dispose();
        _reader.Dispose();
    }
}
