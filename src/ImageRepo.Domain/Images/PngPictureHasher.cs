using System.Buffers.Binary;

namespace ImageRepo.Domain.Images;

/// <summary>
/// Keeps every chunk but those of text, Exif, time and physical size (https://www.w3.org/TR/png-3/): tEXt, zTXt, iTXt, eXIf, tIME, pHYs.
/// </summary>
internal sealed class PngPictureHasher : PictureHasher
{
    private const int SignatureLength = 8;
    private const int HeadLength = 8; // the length of the chunk's data, and its type
    private const int ChecksumLength = 4;

    private readonly byte[] _head = new byte[HeadLength];
    private int _headLength;
    private long _rest = SignatureLength;
    private bool _keepsRest = true;
    private bool _isLast;

    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        if (_rest == 0)
        {
            var taken = Math.Min(HeadLength - _headLength, bytes.Length);
            bytes[..taken].CopyTo(_head.AsSpan(_headLength));
            _headLength += taken;
            if (_headLength == HeadLength)
            {
                LookAtHead();
            }
            return taken;
        }
        var length = (int)Math.Min(_rest, bytes.Length);
        if (_keepsRest)
        {
            Keep(bytes[..length]);
        }
        _rest -= length;
        if (_rest == 0 && _isLast)
        {
            End();
        }
        return length;
    }

    private void LookAtHead()
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(_head);
        if (length > int.MaxValue)
        {
            GiveUp(); // the specification allows 2^31 - 1
            return;
        }
        ReadOnlySpan<byte> type = _head.AsSpan(4);
        _rest = length + ChecksumLength;
        _isLast = type.SequenceEqual("IEND"u8);
        _keepsRest = !(type.SequenceEqual("tEXt"u8) || type.SequenceEqual("zTXt"u8) || type.SequenceEqual("iTXt"u8)
            || type.SequenceEqual("eXIf"u8) || type.SequenceEqual("tIME"u8) || type.SequenceEqual("pHYs"u8));
        _headLength = 0;
        if (_keepsRest)
        {
            Keep(_head);
        }
    }
}
