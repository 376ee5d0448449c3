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

    private readonly Func<MasterKeys>? _reread;
    private MasterKeys _keys;
    private long _readAt = Environment.TickCount64;

    internal MasterKeyRing(MasterKey current, params IEnumerable<MasterKey> retired) => _keys = new MasterKeys(current, retired);

    /// <param name="read">Where the keys are kept; looked at again now and then, so that a node that runs takes a new key by itself.</param>
    internal MasterKeyRing(Func<MasterKeys> read) => (_reread, _keys) = (read, read());

    /// <summary>How long a node may go on sealing with a key that was replaced.</summary>
    internal static TimeSpan Lag { get; } = TimeSpan.FromSeconds(2);

    internal MasterKey Current => Fresh.Current;

    /// <summary>The one in use first.</summary>
    internal IEnumerable<MasterKey> Keys => Fresh.All;

    /// <summary>Whether the box says that it was sealed by a key that is here.</summary>
    internal bool Knows(ReadOnlySpan<byte> box) => box.Length >= Overhead && Find(IdOf(box)) is not null;

    /// <summary>Whether the box is sealed by the key in use.</summary>
    internal bool IsCurrent(ReadOnlySpan<byte> box) => box.Length >= Overhead && IdOf(box) == Current.Id;

    /// <param name="purpose">A fixed word; what is sealed for one purpose opens for no other.</param>
    /// <param name="context">Where the sealed bytes belong; they open only with the same.</param>
    public byte[] Seal(string purpose, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> context)
    {
        var key = Current;
        var box = new byte[secret.Length + Overhead];
        var nonce = box.AsSpan(KeyIdLength, NonceLength);
        BinaryPrimitives.WriteUInt64BigEndian(box, key.Id);
        RandomNumberGenerator.Fill(nonce);
        // An instance a call: AesGcm holds state of the platform's cipher and may not be shared by threads.
        using var aes = new AesGcm(key.Derive(purpose), TagLength);
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
        var id = IdOf(box);
        var key = Find(id)
            ?? throw new InvalidDataException($"The secret was sealed with the master key {id:x16}, and this installation has {string.Join(", ", Keys)}.");
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

    /// <summary>The same secret sealed by the key in use; null when it is already.</summary>
    /// <inheritdoc cref="Open"/>
    public byte[]? Reseal(string purpose, ReadOnlySpan<byte> box, ReadOnlySpan<byte> context) =>
        IsCurrent(box) ? null : Seal(purpose, Open(purpose, box, context), context);

    private static ulong IdOf(ReadOnlySpan<byte> box) => BinaryPrimitives.ReadUInt64BigEndian(box);

    private MasterKeys Fresh
    {
        get
        {
            if (_reread is not null && Environment.TickCount64 - Interlocked.Read(ref _readAt) > Lag.TotalMilliseconds)
            {
                Reread(_reread);
            }
            return Volatile.Read(ref _keys);
        }
    }

    /// <summary>A key that nobody knows here may be a moment old.</summary>
    private MasterKey? Find(ulong id)
    {
        if (Volatile.Read(ref _keys).Find(id) is null && _reread is not null)
        {
            Reread(_reread);
        }
        return Volatile.Read(ref _keys).Find(id);
    }

    private void Reread(Func<MasterKeys> read)
    {
        Volatile.Write(ref _keys, read());
        Interlocked.Exchange(ref _readAt, Environment.TickCount64);
    }
}

/// <summary>The key in use and those before it.</summary>
internal sealed class MasterKeys(MasterKey current, params IEnumerable<MasterKey> retired)
{
    private readonly Dictionary<ulong, MasterKey> _byId = retired.Prepend(current).DistinctBy(k => k.Id).ToDictionary(k => k.Id);

    public MasterKey Current { get; } = current;

    /// <summary>The one in use first.</summary>
    public IEnumerable<MasterKey> All => _byId.Values.OrderByDescending(k => k.Id == Current.Id);

    public MasterKeys With(IEnumerable<MasterKey> retired) => new(Current, All.Concat(retired));

    public MasterKey? Find(ulong id) => _byId.GetValueOrDefault(id);
}
