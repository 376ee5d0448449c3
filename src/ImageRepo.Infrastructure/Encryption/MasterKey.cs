using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ImageRepo.Infrastructure.Encryption;

/// <summary>A secret of 32 bytes from which every other key is derived, one a purpose (HKDF-SHA256, RFC 5869); it encrypts nothing itself.</summary>
internal sealed class MasterKey
{
    public const int Length = 32;
    private const string Info = "imagerepo/v1/";

    private readonly byte[] _secret;
    private readonly ConcurrentDictionary<string, byte[]> _derived = [];

    private MasterKey(byte[] secret)
    {
        _secret = secret;
        Id = BinaryPrimitives.ReadUInt64BigEndian(Derive("key-id"));
    }

    /// <summary>Names the key in what it protects, and tells nothing about it.</summary>
    public ulong Id { get; }

    public static MasterKey Generate() => new(RandomNumberGenerator.GetBytes(Length));

    /// <param name="problem">What is wrong, to follow the name of where the text came from; never the text.</param>
    public static bool TryParse(string base64, [NotNullWhen(true)] out MasterKey? key, [NotNullWhen(false)] out string? problem)
    {
        key = null;
        problem = null;
        byte[] secret;
        try
        {
            secret = Convert.FromBase64String(base64.Trim());
        }
        catch (FormatException)
        {
            problem = "is not Base64";
            return false;
        }
        if (secret.Length != Length)
        {
            problem = $"holds {secret.Length} bytes";
            return false;
        }
        key = new MasterKey(secret);
        return true;
    }

    /// <exception cref="FormatException">It is no key.</exception>
    public static MasterKey Parse(string base64) => TryParse(base64, out var key, out var problem) ? key : throw new FormatException($"The master key {problem}.");

    public string ToBase64() => Convert.ToBase64String(_secret);

    /// <summary>The key for a purpose, 32 bytes; not to be changed by the caller. Purposes are a few fixed words.</summary>
    public byte[] Derive(string purpose) => _derived.GetOrAdd(
        purpose,
        static (p, secret) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, Length, info: Encoding.UTF8.GetBytes(Info + p)),
        _secret);

    /// <summary>The id, so that a key that strays into a log shows nothing.</summary>
    public override string ToString() => Id.ToString("x16");
}
