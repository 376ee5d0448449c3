using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ImageRepo.Infrastructure.ObjectStorage.FileSystem;

/// <summary>
/// AES-256-GCM over the chunks of one object. The nonce is the chunk's place (index, and whether it is the last), so that a chunk opens
/// nowhere else; the key serves this one writing of this one object. Not for several threads at once.
/// </summary>
internal sealed class ChunkCipher(byte[] dataKey, byte[] context) : IDisposable
{
    public const int TagLength = 16;
    private const int NonceLength = 12;

    private readonly AesGcm _aes = new(dataKey, TagLength);

    /// <param name="stored">Receives ciphertext and tag: <see cref="TagLength"/> bytes more than the plaintext.</param>
    public void Encrypt(long index, bool isLast, ReadOnlySpan<byte> plaintext, Span<byte> stored)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, index, isLast);
        _aes.Encrypt(nonce, plaintext, stored[..plaintext.Length], stored[plaintext.Length..], context);
    }

    /// <exception cref="AuthenticationTagMismatchException">These are not the bytes that were written there; nothing of them is given out.</exception>
    public void Decrypt(long index, bool isLast, ReadOnlySpan<byte> stored, Span<byte> plaintext)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, index, isLast);
        _aes.Decrypt(nonce, stored[..^TagLength], stored[^TagLength..], plaintext, context);
    }

    public void Dispose() => _aes.Dispose();

    private static void WriteNonce(Span<byte> nonce, long index, bool isLast)
    {
        nonce.Clear();
        nonce[3] = isLast ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64BigEndian(nonce[4..], index);
    }
}
