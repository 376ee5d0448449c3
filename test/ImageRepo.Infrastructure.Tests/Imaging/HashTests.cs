using System.Text.Json;
using ImageRepo.Infrastructure.Imaging;

namespace ImageRepo.Infrastructure.Tests.Imaging;

public sealed class HashTests
{
    public static TheoryData<int, int, int, string, string> Expected
    {
        get
        {
            using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Imaging", "thumbhash-expected.json")));
            var data = new TheoryData<int, int, int, string, string>();
            foreach (var c in file.RootElement.EnumerateArray())
            {
                data.Add(c.GetProperty("width").GetInt32(), c.GetProperty("height").GetInt32(), c.GetProperty("seed").GetInt32(),
                    c.GetProperty("alpha").GetString()!, c.GetProperty("hash").GetString()!);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Expected))]
    public void ThumbHash_is_that_of_the_reference_implementation(int width, int height, int seed, string alpha, string hash) =>
        Assert.Equal(hash, Convert.ToHexStringLower(ThumbHash.Encode(width, height, Pixels(width, height, seed, alpha))));

    [Fact]
    public async Task Perceptual_hashes_survive_scaling_and_recompression_and_tell_photos_apart()
    {
        var hashes = new List<long>();
        foreach (var name in TestPictures.PhotoNames.Where(n => n != "teal-brook.jpg").Take(10))
        {
            var photo = TestPictures.Photo(name);
            using var small = NetVips.Image.ThumbnailBuffer(photo, 400);
            var hash = (await TestPictures.ReadAsync(photo)).PerceptualHash;
            var copy = (await TestPictures.ReadAsync(TestPictures.Encode(small, ".jpg[Q=40]"))).PerceptualHash;

            Assert.InRange(Distance(hash, copy), 0, 6);
            Assert.All(hashes, other => Assert.True(Distance(hash, other) >= 12));
            hashes.Add(hash);
        }
    }

    [Fact]
    public async Task A_flat_picture_has_the_hash_of_any_flat_picture()
    {
        var hashes = new[] { "#FF0000", "#808080", "#FFFFFF" }.Select(async c => (await TestPictures.ReadAsync(TestPictures.Encode(TestPictures.Plain(90, 60, c), ".png"))).PerceptualHash);

        Assert.Single((await Task.WhenAll(hashes)).Distinct());
    }

    private static int Distance(long a, long b) => System.Numerics.BitOperations.PopCount((ulong)(a ^ b));

    private static byte[] Pixels(int width, int height, int seed, string alpha)
    {
        var rgba = new byte[width * height * 4];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var i = (y * width + x) * 4;
                rgba[i] = (byte)(x * (3 + seed) + y * 2);
                rgba[i + 1] = (byte)(x * y * seed + 40);
                rgba[i + 2] = (byte)((x ^ y) * (seed + 1));
                rgba[i + 3] = alpha switch { "opaque" => 255, "none" => 0, _ => (byte)(x * 5 + y * 7 * seed) };
            }
        }
        return rgba;
    }
}
