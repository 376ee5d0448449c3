using System.Buffers.Binary;
using System.Buffers.Text;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Uploads;
using ImageRepo.Infrastructure.Encryption;

namespace ImageRepo.Infrastructure.Uploads;

/// <summary>What a part's address allows: this part of this upload, of exactly this length, until then.</summary>
public sealed record UploadPartTicket(OwnerId Owner, UploadId Upload, int Part, long Length, DateTimeOffset ExpiresAt);

/// <summary>The tokens in the addresses of parts (<c>/uploads/{token}</c>): sealed, so that only this product makes them.</summary>
public sealed class UploadPartTokens
{
    internal const string Purpose = "upload-parts";
    private const int MaxLength = 200;
    private const int GuidLength = 16;
    private const int PayloadLength = 2 * GuidLength + sizeof(int) + 2 * sizeof(long);

    private readonly MasterKeyRing _keys;
    private readonly TimeProvider _time;

    internal UploadPartTokens(MasterKeyRing keys, TimeProvider time) => (_keys, _time) = (keys, time);

    internal string Create(UploadPartTicket ticket)
    {
        Span<byte> payload = stackalloc byte[PayloadLength];
        ticket.Owner.Value.TryWriteBytes(payload);
        ticket.Upload.Value.TryWriteBytes(payload[GuidLength..]);
        BinaryPrimitives.WriteInt32BigEndian(payload[(2 * GuidLength)..], ticket.Part);
        BinaryPrimitives.WriteInt64BigEndian(payload[(2 * GuidLength + sizeof(int))..], ticket.Length);
        BinaryPrimitives.WriteInt64BigEndian(payload[^sizeof(long)..], ticket.ExpiresAt.UtcTicks);
        return Base64Url.EncodeToString(_keys.Seal(Purpose, payload, []));
    }

    /// <summary>Reads a token as it came from a client, whatever it is; null when it is forged or has expired.</summary>
    public UploadPartTicket? Read(string token)
    {
        if (token.Length > MaxLength || !Base64Url.IsValid(token))
        {
            return null;
        }
        try
        {
            var ticket = Parse(_keys.Open(Purpose, Base64Url.DecodeFromChars(token), []));
            return ticket.ExpiresAt > _time.GetUtcNow() ? ticket : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static UploadPartTicket Parse(ReadOnlySpan<byte> payload) => new(
        new OwnerId(new Guid(payload[..GuidLength])),
        new UploadId(new Guid(payload.Slice(GuidLength, GuidLength))),
        BinaryPrimitives.ReadInt32BigEndian(payload[(2 * GuidLength)..]),
        BinaryPrimitives.ReadInt64BigEndian(payload[(2 * GuidLength + sizeof(int))..]),
        new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(payload[^sizeof(long)..]), TimeSpan.Zero));
}

/// <summary>Addresses of this product itself, which encrypts the parts for the store while they arrive.</summary>
internal sealed class TokenPartTargets(UploadPartTokens tokens) : IPartTargets
{
    private static readonly Dictionary<string, string> NoHeaders = [];

    public PartTarget Create(Upload upload, int part)
    {
        var token = tokens.Create(new UploadPartTicket(upload.OwnerId, upload.Id, part, upload.LengthOf(part), upload.ExpiresAt));
        return new PartTarget(new Uri("/uploads/" + token, UriKind.Relative), NoHeaders);
    }
}
