using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Infrastructure.Imaging;
using ImageRepo.Testing;
using Microsoft.Extensions.DependencyInjection;
using NetVips;
using AnalysisStatus = ImageRepo.Domain.Analysis.AnalysisStatus;

namespace ImageRepo.Infrastructure.Tests.Imaging;

public sealed class OneDecodeTests
{
    /// <summary>What loaders read ahead of a header, which is read before the picture is.</summary>
    private const long HeaderBytes = 256 << 10;

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".jpg[interlace]")]
    [InlineData(".png")]
    public async Task From_its_upload_to_its_description_an_original_is_decoded_once_and_read_once(string kind)
    {
        var reader = new WatchedReader();
        await using var host = await InfrastructureHost.StartAsync(configure: services => services.AddSingleton<IPictureReader>(reader));
        using var photo = NetVips.Image.NewFromFile(Photos.Giraffe);
        using var large = photo.Resize(2000.0 / photo.Width);
        var file = large.WriteToBuffer(kind);
        Assert.True(file.Length > 2 * HeaderBytes, "Too small to tell a second reading by.");
        var owner = await host.NewOwnerAsync();

        var image = await host.InScopeAsync(owner, async services =>
        {
            var uploader = services.GetRequiredService<ImageUploader>();
            var staged = await uploader.StageAsync(owner, "giraffe", new MemoryStream(file), default);
            return (await uploader.UploadAsync(staged, UploadDetails.Parse(null, null, [], new ImageLimits()), default)).Image;
        });
        await host.WaitForAsync(image, i => i.Analysis.Status is AnalysisStatus.Completed);

        Assert.Equal((1, 0), (reader.Reads, reader.Renders));
        // A second decode, of a smaller size or for the colours, would have to read it again.
        Assert.InRange(reader.BytesRead, file.Length, file.Length + HeaderBytes);
        Assert.Equal(3, image.Renditions.Count);
        Assert.NotEmpty(image.Colors);
    }

    /// <summary>The real one; counts what it is asked for and what it reads for that.</summary>
    private sealed class WatchedReader : IPictureReader
    {
        private readonly NetVipsPictureReader _real = TestPictures.Reader();
        private long _bytesRead;

        public int Reads { get; private set; }
        public int Renders { get; private set; }
        public long BytesRead => Interlocked.Read(ref _bytesRead);
        public int HeadLength => _real.HeadLength;

        public ImageFormat Identify(ReadOnlySpan<byte> head) => _real.Identify(head);

        public Task<Picture> ReadAsync(Stream original, ImageFormat format, CancellationToken cancellationToken)
        {
            Reads++;
            return _real.ReadAsync(new WatchedStream(original, n => Interlocked.Add(ref _bytesRead, n)), format, cancellationToken);
        }

        public Task<EncodedRendition> RenderAsync(Stream original, ImageFormat format, RenditionPlan plan, CancellationToken cancellationToken)
        {
            Renders++;
            return _real.RenderAsync(original, format, plan, cancellationToken);
        }
    }

    private sealed class WatchedStream(Stream stream, Action<int> read) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => stream.CanSeek;
        public override bool CanWrite => false;
        public override long Length => stream.Length;
        public override long Position { get => stream.Position; set => stream.Position = value; }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var length = stream.Read(buffer);
            read(length);
            return length;
        }

        public override long Seek(long offset, SeekOrigin origin) => stream.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
