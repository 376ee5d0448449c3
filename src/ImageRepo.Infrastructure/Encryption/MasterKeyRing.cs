using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ImageRepo.Infrastructure.Encryption;

/// <summary>
/// The master key in use, and retired ones that still open what they sealed. Seals small secrets (keys, certificates) with AES-256-GCM:
/// key id (8 bytes), nonce (12, random), ciphertext, tag (16).
/// </summary>
public sealed class MasterKeyRing
{
    internal const int Overhead = KeyIdLength + NonceLength + TagLength;
    private const int KeyIdLength = 8;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly Dictionary<ulong, MasterKey> _keys;

    internal MasterKeyRing(MasterKey current, params IEnumerable<MasterKey> retired)
    {
        Current = current;
        _keys = retired.Append(current).DistinctBy(k => k.Id).ToDictionary(k => k.Id);
    }

    internal MasterKey Current { get; }

    /// <summary>The one in use first.</summary>
    internal IEnumerable<MasterKey> Keys => _keys.Values.OrderByDescending(k => k.Id == Current.Id);

    /// <summary>Whether the box says that it was sealed by a key that is here.</summary>
    internal bool Knows(ReadOnlySpan<byte> box) => box.Length >= Overhead && _keys.ContainsKey(BinaryPrimitives.ReadUInt64BigEndian(box));

    /// <param name="purpose">A fixed word; what is sealed for one purpose opens for no other.</param>
    /// <param name="context">Where the sealed bytes belong; they open only with the same.</param>
    public byte[] Seal(string purpose, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> context)
    {
        var box = new byte[secret.Length + Overhead];
        var nonce = box.AsSpan(KeyIdLength, NonceLength);
        BinaryPrimitives.WriteUInt64BigEndian(box, Current.Id);
        RandomNumberGenerator.Fill(nonce);
        // An instance a call: AesGcm holds state of the platform's cipher and may not be shared by threads.
        using var aes = new AesGcm(Current.Derive(purpose), TagLength);
        aes.Encrypt(nonce, secret, box.AsSpan(KeyIdLength + NonceLength, secret.Length), box.AsSpan(box.Length - TagLength), context);
        return box;
    }

    /// <exception cref="InvalidDataException">The box was changed, or belongs elsewhere, or its master key is not here.</exception>
    public byte[] Open(string purpose, ReadOnlySpan<byte> box, ReadOnlySpan<byte> context)
    {
        if (box.Length < Overhead)
        {
            throw new InvalidDataException("The sealed secret is too short.");
        }
        var id = BinaryPrimitives.ReadUInt64BigEndian(box);
        if (!_keys.TryGetValue(id, out var key))
        {
            throw new InvalidDataException($"The secret was sealed with the master key {id:x16}, and this installation has {string.Join(", ", Keys)}.");
        }
        var secret = new byte[box.Length - Overhead];
        using var aes = new AesGcm(key.Derive(purpose), TagLength);
        try
        {
            aes.Decrypt(box.Slice(KeyIdLength, NonceLength), box.Slice(KeyIdLength + NonceLength, secret.Length), box[^TagLength..], secret, context);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new InvalidDataException("The sealed secret was changed, or was sealed for something else.", e);
        }
        return secret;
    }
}
