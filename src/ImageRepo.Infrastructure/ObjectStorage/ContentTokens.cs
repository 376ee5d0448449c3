using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;

namespace ImageRepo.Infrastructure.ObjectStorage;

/// <summary>
/// The tokens in links to objects (<c>/content/{token}</c>): which object, until when, under which name. Encrypted, so that a link tells
/// nothing about its owner, and authenticated, so that only this product makes them. The same ticket always makes the same token.
/// </summary>
public sealed class ContentTokens
{
    /// <summary>Characters; what is longer was not made here.</summary>
    public const int MaxLength = 4096;

    internal const string EncryptionPurpose = "content-links/encryption";
    internal const string NoncePurpose = "content-links/nonce";
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int NameMaxBytes = 2048;
    private const int Overhead = 1 + NonceLength + TagLength;

    private readonly MasterKeyRing _keys;
    private readonly TimeProvider _time;

    internal ContentTokens(MasterKeyRing keys, TimeProvider time) => (_keys, _time) = (keys, time);

    /// <summary>Reads a token as it came from a client, whatever it is: nothing is thrown.</summary>
    /// <param name="ticket">What the token allows now; null unless it is valid.</param>
    public ContentTokenState Read(string? token, out ContentTicket? ticket)
    {
        ticket = null;
        if (Open(token) is not { } content)
        {
            return ContentTokenState.Forged;
        }
        if (content.ExpiresAt <= _time.GetUtcNow())
        {
            return ContentTokenState.Expired;
        }
        ticket = content;
        return ContentTokenState.Valid;
    }

    /// <summary>False for what is forged and for what has expired.</summary>
    public bool TryRead(string? token, [NotNullWhen(true)] out ContentTicket? ticket) => Read(token, out ticket) == ContentTokenState.Valid && ticket is not null;

    internal string Create(ContentTicket ticket)
    {
        var payload = Write(ticket);
        var token = new byte[payload.Length + Overhead];
        token[0] = Version;
        // A nonce made from the payload under a key of its own: equal tickets give equal tokens, different ones never share a nonce.
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_keys.Current.Derive(NoncePurpose), payload, mac);
        var nonce = token.AsSpan(1, NonceLength);
        mac[..NonceLength].CopyTo(nonce);
        using var aes = new AesGcm(_keys.Current.Derive(EncryptionPurpose), TagLength);
        aes.Encrypt(nonce, payload, token.AsSpan(1 + NonceLength, payload.Length), token.AsSpan(token.Length - TagLength), token.AsSpan(0, 1));
        return Base64Url.EncodeToString(token);
    }

    private ContentTicket? Open(string? token)
    {
        if (string.IsNullOrEmpty(token) || token.Length > MaxLength)
        {
            return null;
        }
        var bytes = new byte[Base64Url.GetMaxDecodedLength(token.Length)];
        if (!TryDecode(token, bytes, out var length) || length < Overhead || bytes[0] != Version)
        {
            return null;
        }
        var box = bytes.AsSpan(0, length);
        // The decoder passes over blanks and spare bits; one ticket has one link.
        if (!Base64Url.EncodeToString(box).Equals(token, StringComparison.Ordinal))
        {
            return null;
        }
        var payload = new byte[length - Overhead];
        return _keys.Keys.Any(key => TryDecrypt(key, bytes.AsSpan(0, length), payload)) ? Parse(payload) : null;
    }

    private static bool TryDecode(string token, byte[] bytes, out int length)
    {
        try
        {
            return Base64Url.TryDecodeFromChars(token, bytes, out length);
        }
        catch (FormatException)
        {
            length = 0;
            return false;
        }
    }

    private static bool TryDecrypt(MasterKey key, ReadOnlySpan<byte> box, Span<byte> payload)
    {
        using var aes = new AesGcm(key.Derive(EncryptionPurpose), TagLength);
        try
        {
            aes.Decrypt(box.Slice(1, NonceLength), box[(1 + NonceLength)..^TagLength], box[^TagLength..], payload, box[..1]);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    // Expiry in ticks of UTC (8 bytes), length of the key (1), the key, the name.
    private static byte[] Write(ContentTicket ticket)
    {
        var key = Encoding.ASCII.GetBytes(ticket.ObjectKey.Value);
        var name = Encoding.UTF8.GetBytes(ticket.DownloadName ?? "");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, NameMaxBytes, nameof(ticket));
        var payload = new byte[sizeof(long) + 1 + key.Length + name.Length];
        BinaryPrimitives.WriteInt64BigEndian(payload, ticket.ExpiresAt.UtcTicks);
        payload[sizeof(long)] = (byte)key.Length;
        key.CopyTo(payload, sizeof(long) + 1);
        name.CopyTo(payload, sizeof(long) + 1 + key.Length);
        return payload;
    }

    private static ContentTicket Parse(ReadOnlySpan<byte> payload)
    {
        var expiresAt = new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(payload), TimeSpan.Zero);
        var keyLength = payload[sizeof(long)];
        var rest = payload[(sizeof(long) + 1)..];
        var name = Encoding.UTF8.GetString(rest[keyLength..]);
        return new ContentTicket(ObjectKey.Parse(Encoding.ASCII.GetString(rest[..keyLength])), name.Length > 0 ? name : null, expiresAt);
    }
}

/// <param name="DownloadName">The name under which a browser saves the object; null for what is only looked at.</param>
public sealed record ContentTicket(ObjectKey ObjectKey, string? DownloadName, DateTimeOffset ExpiresAt);

public enum ContentTokenState
{
    /// <summary>Not made here, or changed since.</summary>
    Forged,

    /// <summary>Made here, and over.</summary>
    Expired,

    Valid,
}
