using System.Buffers.Binary;

namespace ImageRepo.Domain.Images;

/// <summary>
/// Keeps what a decoder needs for the pixels and their colours: tables, frames, scans, the colour profile (APP2 "ICC_PROFILE") and Adobe's
/// colour transform (APP14). Leaves out the other APPn segments and comments (ITU-T T.81, B.1.1).
/// </summary>
internal sealed class JpegPictureHasher : PictureHasher
{
    private const int HeadLength = 4; // the marker and the segment's length
    private const byte Fill = 0xFF;

    private static ReadOnlySpan<byte> ProfileName => "ICC_PROFILE\0"u8;

    // The head of the segment at hand, and of an APP2 also the name that follows it.
    private readonly byte[] _head = new byte[HeadLength + 12];
    private int _headLength;
    private int _rest; // bytes of the segment that follow the head
    private int _restAfterName;
    private bool _keepsRest;
    private bool _isInScan;
    private bool _isFirst = true;

    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        if (_rest > 0)
        {
            var length = Math.Min(_rest, bytes.Length);
            if (_keepsRest)
            {
                Keep(bytes[..length]);
            }
            _rest -= length;
            return length;
        }
        if (_isInScan && _headLength == 0 && ScanLength(bytes) is var coded and > 0)
        {
            Keep(bytes[..coded]);
            return coded;
        }
        _head[_headLength++] = bytes[0];
        LookAtHead();
        return 1;
    }

    /// <summary>
    /// How many bytes at the start belong to the scan for sure: all before the next marker that is none of its own. Some 8,000 times in a photo
    /// a stuffed zero follows an 0xFF (B.1.1.5), and each call of the hash costs as much as hashing some hundred bytes.
    /// </summary>
    private static int ScanLength(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; ; at += 2)
        {
            var marker = bytes[at..].IndexOf(Fill);
            if (marker < 0)
            {
                return bytes.Length;
            }
            at += marker;
            if (at + 1 == bytes.Length || bytes[at + 1] is not (0 or (>= 0xD0 and <= 0xD7)))
            {
                return at;
            }
        }
    }

    private void LookAtHead()
    {
        switch (_headLength)
        {
            case 1 when _head[0] != Fill:
                GiveUp();
                return;
            case 2:
                LookAtMarker(_head[1]);
                return;
            case HeadLength:
                _rest = BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(2)) - 2;
                if (_rest < 0)
                {
                    GiveUp();
                }
                else if (_head[1] != 0xE2 || _rest < ProfileName.Length)
                {
                    EndHead(keep: _head[1] is not (>= 0xE0 and <= 0xEF or 0xFE) or 0xEE);
                }
                else
                {
                    // Its name tells what an APP2 is; until it is read, it belongs to the head.
                    (_restAfterName, _rest) = (_rest - ProfileName.Length, 0);
                }
                return;
            case HeadLength + 12:
                _rest = _restAfterName;
                EndHead(keep: _head.AsSpan(HeadLength).SequenceEqual(ProfileName));
                return;
        }
    }

    private void LookAtMarker(byte code)
    {
        switch (code)
        {
            case Fill:
                _headLength = 1; // any number of these may stand before a marker
                return;
            case 0xD8 when _isFirst:
                _isFirst = false;
                KeepHead();
                return;
            case 0xD9 when !_isFirst:
                KeepHead();
                End();
                return;
            case 0 or (>= 0xD0 and <= 0xD7) when _isInScan:
            case 1 when !_isFirst:
                KeepHead();
                return;
            case 0 or (>= 0xD0 and <= 0xD9):
            case var _ when _isFirst:
                GiveUp();
                return;
            default:
                _isInScan = false;
                return;
        }
    }

    private void EndHead(bool keep)
    {
        _keepsRest = keep;
        _isInScan = _head[1] == 0xDA;
        if (keep)
        {
            Keep(_head.AsSpan(0, _headLength));
        }
        _headLength = 0;
    }

    private void KeepHead()
    {
        Keep(_head.AsSpan(0, _headLength));
        _headLength = 0;
    }
}
