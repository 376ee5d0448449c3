using ImageRepo.Domain.Pictures;
using ImageRepo.Infrastructure.Imaging;
using NetVips;

namespace ImageRepo.Infrastructure.Tests.Imaging;

public sealed class ExifTests
{
    private static readonly (string Field, string Value)[] Camera =
    [
        ("exif-ifd0-Make", "Acme"), ("exif-ifd0-Model", "Shot 3000"), ("exif-ifd0-Software", "Darkroom 2"),
        ("exif-ifd2-LensModel", "50mm f/1.8"), ("exif-ifd2-ExposureTime", "1/250"), ("exif-ifd2-FNumber", "28/10"), ("exif-ifd2-ISOSpeedRatings", "400"),
        ("exif-ifd2-FocalLength", "50/1"), ("exif-ifd2-DateTimeOriginal", "2021:06:05 14:30:15"), ("exif-ifd2-OffsetTimeOriginal", "+02:00"),
        ("exif-ifd3-GPSLatitude", "48/1 51/1 30/1"), ("exif-ifd3-GPSLatitudeRef", "N"),
        ("exif-ifd3-GPSLongitude", "2/1 17/1 40/1"), ("exif-ifd3-GPSLongitudeRef", "W"), ("exif-ifd3-GPSAltitude", "353/10"),
    ];

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".webp")]
    [InlineData(".png")]
    [InlineData(".avif[effort=0]")]
    public async Task What_the_camera_wrote_is_read(string suffix)
    {
        var exif = (await ReadAsync(suffix, Camera))!;

        Assert.Equal(("Acme", "Shot 3000", "50mm f/1.8", "Darkroom 2"), (exif.Make, exif.Model, exif.Lens, exif.Software));
        Assert.Equal(("1/250", 2.8, 400, 50.0), (exif.ExposureTime, exif.FNumber, exif.Iso, exif.FocalLength));
        Assert.Equal(new DateTimeOffset(2021, 6, 5, 14, 30, 15, TimeSpan.FromHours(2)), exif.TakenAt);
        Assert.Equal(48.858333, exif.Location!.Latitude, 5);
        Assert.Equal(-2.294444, exif.Location.Longitude, 5);
        Assert.Equal(35.3, exif.Location.Altitude!.Value, 3);
    }

    [Fact]
    public async Task The_tags_of_a_tiff_are_read_without_reading_its_pixels()
    {
        // A little-endian TIFF whose directory stands behind 3 MB of pixels: make, and one strip of 1,000 gray rows.
        byte[] pixels = [.. Enumerable.Repeat((byte)100, 3_000_000)];
        (ushort Tag, ushort Type, uint Count, uint Value)[] entries =
        [
            (256, 4, 1, 3000), (257, 4, 1, 1000), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (271, 2, 5, 0), (273, 4, 1, 8), (277, 3, 1, 1),
            (278, 4, 1, 1000), (279, 4, 1, 3_000_000),
        ];
        var directory = 8 + pixels.Length;
        var text = (uint)(directory + 2 + entries.Length * 12 + 4);
        byte[] file =
        [
            .. "II"u8, 42, 0, .. BitConverter.GetBytes(directory), .. pixels, .. BitConverter.GetBytes((ushort)entries.Length),
            .. entries.SelectMany(e => (byte[])[.. BitConverter.GetBytes(e.Tag), .. BitConverter.GetBytes(e.Type), .. BitConverter.GetBytes(e.Count), .. BitConverter.GetBytes(e.Tag == 271 ? text : e.Value)]),
            0, 0, 0, 0, .. "Acme\0"u8,
        ];
        var stream = new CountingStream(file);

        Assert.Equal("Acme", ExifReader.ReadTiff(stream)?.Make);
        Assert.InRange(stream.BytesGiven, 1, 10_000);
        Assert.Equal("Acme", (await TestPictures.ReadAsync(file)).Exif?.Make);
    }

    [Fact]
    public async Task A_picture_without_exif_has_none() => Assert.Null((await TestPictures.ReadAsync(TestPictures.Of(ImageFormat.Jpeg))).Exif);

    [Fact]
    public async Task A_time_without_offset_is_taken_as_utc() => Assert.Equal(
        new DateTimeOffset(2021, 6, 5, 14, 30, 15, TimeSpan.Zero), (await ReadAsync(".jpg", ("exif-ifd2-DateTimeOriginal", "2021:06:05 14:30:15")))?.TakenAt);

    [Theory]
    [InlineData("0000:00:00 00:00:00")]
    [InlineData("9999:12:31 23:59:59")]
    [InlineData("0001:01:01 00:00:00")]
    [InlineData("2021:13:45 99:00:00")]
    [InlineData("yesterday")]
    public async Task Dates_that_cannot_be_are_left_out(string date) =>
        Assert.Null((await ReadAsync(".jpg", ("exif-ifd0-Make", "Acme"), ("exif-ifd2-DateTimeOriginal", date)))!.TakenAt);

    [Theory]
    [InlineData("1/60", "1/60")]
    [InlineData("10/600", "1/60")]
    [InlineData("1/2", "0.5")]
    [InlineData("30/1", "30")]
    [InlineData("1/0", null)]
    [InlineData("0/1", null)]
    public async Task Exposure_is_written_as_photographers_do(string rational, string? text) =>
        Assert.Equal(text, (await ReadAsync(".jpg", ("exif-ifd0-Make", "Acme"), ("exif-ifd2-ExposureTime", rational)))!.ExposureTime);

    [Theory]
    [InlineData("91/1 0/1 0/1", "10/1 0/1 0/1")]
    [InlineData("10/1 0/1 0/1", "181/1 0/1 0/1")]
    [InlineData("10/0 0/1 0/1", "10/1 0/1 0/1")]
    [InlineData("0/1 0/1 0/1", "0/1 0/1 0/1")]
    public async Task Places_that_are_not_on_earth_are_left_out(string latitude, string longitude) =>
        Assert.Null((await ReadAsync(".jpg", ("exif-ifd0-Make", "Acme"), ("exif-ifd3-GPSLatitude", latitude), ("exif-ifd3-GPSLongitude", longitude)))!.Location);

    [Fact]
    public async Task Texts_are_cleaned_and_bounded()
    {
        var exif = await ReadAsync(".jpg", ("exif-ifd0-Make", "  A\u0001c\u001bme\n "), ("exif-ifd0-Model", new string('x', 5_000)));

        Assert.Equal("Acme", exif!.Make);
        Assert.Equal(new string('x', 200), exif.Model);
    }

    [Fact]
    public async Task Broken_blocks_never_throw()
    {
        var block = await BlockAsync();
        Assert.Equal("Acme", ExifReader.Read(block)!.Make);
        var random = new Random(9);

        for (var round = 0; round < 3_000; round++)
        {
            var broken = block[..random.Next(1, block.Length + 1)];
            for (var flips = random.Next(1, 9); flips > 0; flips--)
            {
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            }
            var exif = ExifReader.Read(broken);
            Assert.True(exif is null || (double.IsFinite(exif.FNumber ?? 0) && double.IsFinite(exif.Location?.Altitude ?? 0) && exif.Make?.Contains('\0') != true));
            ExifReader.ReadTiff(new MemoryStream(broken));
        }
    }

    private static Task<byte[]> BlockAsync()
    {
        using var opened = Image.NewFromBuffer(Encode(".jpg", Camera));
        return Task.FromResult((byte[])opened.Get("exif-data"));
    }

    private static async Task<Exif?> ReadAsync(string suffix, params (string Field, string Value)[] fields) =>
        (await TestPictures.ReadAsync(Encode(suffix, fields))).Exif;

    private static byte[] Encode(string suffix, params (string Field, string Value)[] fields)
    {
        using var tagged = TestPictures.Plain(64, 48, "#336699").Mutate(m =>
        {
            foreach (var (field, value) in fields)
            {
                m.Set(GValue.GStrType, field, value);
            }
        });
        return TestPictures.Encode(tagged, suffix);
    }
}
