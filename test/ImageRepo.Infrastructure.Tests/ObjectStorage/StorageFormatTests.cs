using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

/// <summary>Reads an object as another program would that has docs/storage-format.md and the master key, and none of the product's code.</summary>
public sealed class StorageFormatTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65536)]
    [InlineData(65537)]
    [InlineData(300_000)]
    public async Task Another_program_can_read_an_object_by_the_documentation(int length)
    {
        var masterKey = RandomNumberGenerator.GetBytes(32);
        var content = RandomNumberGenerator.GetBytes(length);
        var store = _directory.OpenStore(MasterKey.Parse(Convert.ToBase64String(masterKey)));
        await store.PutAsync(ObjectKey.Parse("originals/owner/image"), new MemoryStream(content), "image/avif", default);

        var file = await File.ReadAllBytesAsync(_directory.Combine("objects", "originals", "owner", "image.object"));
        var (contentType, plaintext, etag) = Read(file, "originals/owner/image", masterKey);

        Assert.Equal("image/avif", contentType);
        Assert.Equal(content, plaintext);
        await using var stored = await store.OpenReadAsync(ObjectKey.Parse("originals/owner/image"), default);
        Assert.Equal(stored!.ETag, etag);
    }

    /// <summary>An object of version 1, written once and kept here: later versions must read it.</summary>
    [Fact]
    public async Task An_object_of_the_first_version_can_be_read()
    {
        var key = MasterKey.Parse(Convert.ToBase64String(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()));
        var store = _directory.OpenStore(key);
        Directory.CreateDirectory(_directory.Combine("objects", "originals", "owner"));
        await File.WriteAllBytesAsync(_directory.Combine("objects", "originals", "owner", "image.object"), Convert.FromBase64String(FirstVersion));

        await using var stored = await store.OpenReadAsync(ObjectKey.Parse("originals/owner/image"), default);
        using var reader = new StreamReader(stored!.Content);
        Assert.Equal("An object of the first version.", await reader.ReadToEndAsync());
        Assert.Equal("image/png", stored.ContentType);
    }

    private const string FirstVersion = "SU1HUkVQTwABEABNatu17/q0dQV+FrMP3qQbomR+ymAxuw6gsw44CxcYHStku8+5rx4vfdsPSEi+UTWjbvT/WMfs3Js4lp2a5EMze4g3wr58inerAq6zfaKIcaEywy8uLWcX4xRR36+lpEEI9FzX84/sQEloRaf2afClj8BWvxmHwtW1aP2jNg==";

    private static (string ContentType, byte[] Plaintext, string ETag) Read(byte[] file, string objectKey, byte[] masterKey)
    {
        Assert.Equal("IMGREPO\0"u8.ToArray(), file[..8]);
        Assert.Equal(1, file[8]);
        var chunkSize = 1 << file[9];
        var boxLength = BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(10));
        var box = file[12..(12 + boxLength)];
        byte[] context = [.. file[..10], .. Encoding.ASCII.GetBytes(objectKey)];

        Assert.Equal(Purpose("key-id")[..8], box[..8]);
        var secret = Decrypt(Purpose("object-keys"), box[8..20], box[20..], context);
        var (dataKey, contentType) = (secret[..32], Encoding.ASCII.GetString(secret[32..]));

        var chunks = file[(12 + boxLength)..].Chunk(chunkSize + 16).ToArray();
        var plaintext = new List<byte>();
        for (var i = 0; i < chunks.Length; i++)
        {
            byte[] nonce = [0, 0, 0, (byte)(i == chunks.Length - 1 ? 1 : 0), 0, 0, 0, 0, 0, 0, (byte)(i >> 8), (byte)i];
            plaintext.AddRange(Decrypt(dataKey, nonce, chunks[i], context));
        }
        var etag = HKDF.Expand(HashAlgorithmName.SHA256, dataKey, 16, "imagerepo/v1/etag"u8.ToArray());
        return (contentType, [.. plaintext], Convert.ToHexStringLower(etag));

        byte[] Purpose(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, 32, info: Encoding.ASCII.GetBytes("imagerepo/v1/" + purpose));
    }

    private static byte[] Decrypt(byte[] key, byte[] nonce, byte[] ciphertextAndTag, byte[] context)
    {
        var plaintext = new byte[ciphertextAndTag.Length - 16];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(nonce, ciphertextAndTag[..^16], ciphertextAndTag[^16..], plaintext, context);
        return plaintext;
    }
}
