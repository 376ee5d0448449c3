using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Infrastructure.Imaging;

namespace ImageRepo.Infrastructure.Tests.Imaging;

public sealed class DecodeTests
{
    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Tiff)]
    public async Task A_picture_is_decoded_once(ImageFormat format)
    {
        var file = TestPictures.Of(format, 3000, 2000);
        var stream = new CountingStream(file);

        var picture = await TestPictures.Reader().ReadAsync(stream, format, CancellationToken.None);

        Assert.Equal(3, picture.Renditions.Count);
        // The header is read twice, the rest once: a second decode for any of the sizes, colours or hashes would double this.
        Assert.InRange(stream.BytesGiven, file.Length / 2, file.Length * 1.2 + 200_000);
    }

    [Fact]
    public async Task What_the_store_throws_is_neither_a_crash_nor_a_corrupt_picture()
    {
        var file = TestPictures.Of(ImageFormat.Jpeg, 2000, 1500);
        var stream = new CountingStream(file, at: file.Length / 2, then: () => throw new InvalidDataException("the chunk was tampered with"));

        var failure = await Assert.ThrowsAsync<IOException>(() => TestPictures.Reader().ReadAsync(stream, ImageFormat.Jpeg, CancellationToken.None));

        Assert.IsType<InvalidDataException>(failure.InnerException);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Avif)]
    public async Task A_decode_is_cancelled_on_the_way(ImageFormat format)
    {
        using var cancellation = new CancellationTokenSource();
        var file = TestPictures.Of(format, 2000, 1500);
        var stream = new CountingStream(file, at: file.Length / 2, then: cancellation.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TestPictures.Reader().ReadAsync(stream, format, cancellation.Token));

        Assert.True(stream.BytesGiven < file.Length + 100_000);
    }

    [Fact]
    public async Task Many_are_decoded_side_by_side()
    {
        var reader = TestPictures.Reader(options: new ImagingOptions { Parallelism = 4 });
        var files = Enum.GetValues<ImageFormat>().Select(f => (Format: f, File: TestPictures.Of(f, 500, 300))).ToList();

        var pictures = await Task.WhenAll(Enumerable.Range(0, 28).Select(i =>
            reader.ReadAsync(new MemoryStream(files[i % files.Count].File), files[i % files.Count].Format, CancellationToken.None)));

        Assert.All(pictures.GroupBy(p => p.Format), same => Assert.Single(same.Select(p => p.PerceptualHash).Distinct()));
    }

    [Fact]
    public async Task A_full_queue_is_a_busy_server()
    {
        var reader = TestPictures.Reader(options: new ImagingOptions { Parallelism = 1, QueueLength = 0, RetryAfter = TimeSpan.FromSeconds(7) });
        var file = TestPictures.Of(ImageFormat.Jpeg, 400, 300);
        using var isDecoding = new SemaphoreSlim(0);
        using var mayGoOn = new ManualResetEventSlim();
        var stream = new CountingStream(file, at: file.Length / 2, then: () =>
        {
            isDecoding.Release();
            mayGoOn.Wait();
        });
        var first = reader.ReadAsync(stream, ImageFormat.Jpeg, CancellationToken.None);
        await isDecoding.WaitAsync();

        var busy = await Assert.ThrowsAsync<ServerBusyException>(() => reader.ReadAsync(new MemoryStream(file), ImageFormat.Jpeg, CancellationToken.None));

        Assert.Equal(TimeSpan.FromSeconds(7), busy.RetryAfter);
        mayGoOn.Set();
        await first;
        Assert.Equal(400, (await reader.ReadAsync(new MemoryStream(file), ImageFormat.Jpeg, CancellationToken.None)).Width);
    }
}
