using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;

namespace ImageRepo.Infrastructure.ObjectStorage.FileSystem;

/// <summary>The head of an encrypted object, as docs/storage-format.md writes it down: what the chunks behind it need to be read.</summary>
internal sealed class ObjectHeader
{
    public const string KeyPurpose = "object-keys";
    public const int MaxLength = FixedLength + MasterKeyRing.Overhead + DataKeyLength + StoredContentType.MaxLength;
    public const int DefaultChunkSizeLog2 = 16;

    /// <summary>Where the sealed box begins.</summary>
    public const int BoxOffset = FixedLength;

    private const int PrefixLength = 10;
    private const int FixedLength = PrefixLength + sizeof(ushort);
    private const int DataKeyLength = 32;
    private const byte Version = 1;
    private static ReadOnlySpan<byte> Magic => "IMGREPO\0"u8;

    private readonly byte[] _dataKey;
    private readonly byte[] _context;

    private ObjectHeader(byte[] secret, byte[] prefix, byte[] context, int length)
    {
        _dataKey = secret[..DataKeyLength];
        _context = context;
        ChunkSize = 1 << prefix[^1];
        ContentType = Encoding.ASCII.GetString(secret, DataKeyLength, secret.Length - DataKeyLength);
        Length = length;
        ETag = Convert.ToHexStringLower(HKDF.Expand(HashAlgorithmName.SHA256, _dataKey, 16, "imagerepo/v1/etag"u8.ToArray()));
    }

    /// <summary>Of the plaintext, in bytes.</summary>
    public int ChunkSize { get; }

    public string ContentType { get; }

    /// <summary>Where the first chunk starts.</summary>
    public int Length { get; }

    /// <summary>Comes from the data key: another at every put, the same when the master key is changed.</summary>
    public string ETag { get; }

    /// <summary>The caller disposes it.</summary>
    public ChunkCipher CreateCipher() => new(_dataKey, _context);

    /// <summary>A header with a data key of its own: no two attempts to write, even of one object, share a key, so no nonce ever meets another plaintext.</summary>
    public static ObjectHeader Create(ObjectKey key, string contentType, MasterKeyRing keys, out byte[] bytes)
    {
        StoredContentType.Check(contentType);
        byte[] prefix = [.. Magic, Version, DefaultChunkSizeLog2];
        var secret = new byte[DataKeyLength + contentType.Length];
        RandomNumberGenerator.Fill(secret.AsSpan(0, DataKeyLength));
        Encoding.ASCII.GetBytes(contentType, secret.AsSpan(DataKeyLength));
        var context = Context(prefix, key);
        var box = keys.Seal(KeyPurpose, secret, context);

        bytes = new byte[FixedLength + box.Length];
        prefix.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(PrefixLength), (ushort)box.Length);
        box.CopyTo(bytes, FixedLength);
        return new ObjectHeader(secret, prefix, context, bytes.Length);
    }

    /// <param name="start">The first bytes of the object, <see cref="MaxLength"/> or as many as there are.</param>
    /// <exception cref="InvalidDataException">This is no object, or not the one of that key, or it was changed.</exception>
    public static ObjectHeader Parse(ReadOnlySpan<byte> start, ObjectKey key, MasterKeyRing keys)
    {
        var box = Box(start);
        if (box.IsEmpty)
        {
            throw new InvalidDataException($"The object {key} has no header that this version knows.");
        }
        var prefix = start[..PrefixLength].ToArray();
        var context = Context(prefix, key);
        return new ObjectHeader(keys.Open(KeyPurpose, box, context), prefix, context, FixedLength + box.Length);
    }

    /// <summary>The box sealed by the master key in use, as long as before; null when it is already.</summary>
    /// <inheritdoc cref="Parse"/>
    public static byte[]? Reseal(ReadOnlySpan<byte> start, ObjectKey key, MasterKeyRing keys) => Box(start) is { IsEmpty: false } box
        ? keys.Reseal(KeyPurpose, box, Context(start[..PrefixLength].ToArray(), key))
        : throw new InvalidDataException($"The object {key} has no header that this version knows.");

    /// <summary>The data key and the content type, sealed under a master key; empty where there is no header.</summary>
    public static ReadOnlySpan<byte> Box(ReadOnlySpan<byte> start)
    {
        if (start.Length < FixedLength || !start.StartsWith(Magic) || start[Magic.Length] != Version || start[PrefixLength - 1] is < 12 or > 20)
        {
            return [];
        }
        var length = BinaryPrimitives.ReadUInt16BigEndian(start[PrefixLength..]);
        return length > MasterKeyRing.Overhead + DataKeyLength && length <= start.Length - FixedLength ? start.Slice(FixedLength, length) : [];
    }

    // Without the sealed box, so that another master key can seal the data key anew and leave the chunks as they are.
    private static byte[] Context(byte[] prefix, ObjectKey key) => [.. prefix, .. Encoding.ASCII.GetBytes(key.Value)];
}
