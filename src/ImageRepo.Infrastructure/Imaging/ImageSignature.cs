using System.Buffers.Binary;
using System.Text;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>Tells what a file is from its first bytes.</summary>
internal static class ImageSignature
{
    /// <summary>Enough for the brands of an AVIF or HEIC, and for an SVG that starts with comments and a document type.</summary>
    public const int Length = 1024;

    private const string SvgReason =
        "image/svg+xml is not accepted: an SVG can hold scripts and links to other files. Upload it as PNG or WebP instead.";

    /// <exception cref="EmptyFileException">There are no bytes.</exception>
    /// <exception cref="UnsupportedImageFormatException">No supported image; with the type where it can be told.</exception>
    public static ImageFormat Identify(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            throw new EmptyFileException();
        }
        if (FormatOf(head) is { } format)
        {
            return format;
        }
        var type = OtherTypeOf(head);
        throw new UnsupportedImageFormatException(type, ImageFormats.SupportedTypes, type == "image/svg+xml" ? SvgReason : null);
    }

    private static ImageFormat? FormatOf(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ImageFormat.Png,
        [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => ImageFormat.Tiff,
        _ when head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8) => ImageFormat.Gif,
        _ when IsRiff(head, "WEBP"u8) => ImageFormat.WebP,
        _ => FormatOfBrands(head),
    };

    /// <summary>AVIF and HEIC share a container; which it is, the brands of its first box say (ISO/IEC 14496-12, 23008-12).</summary>
    private static ImageFormat? FormatOfBrands(ReadOnlySpan<byte> head)
    {
        if (!IsBox(head, "ftyp"u8))
        {
            return null;
        }
        var end = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(head), (uint)head.Length);
        ImageFormat? found = null;
        for (var at = 8; at + 4 <= end; at += at == 8 ? 8 : 4)
        {
            // The first of them, the major brand, decides; a generic one (mif1, msf1) leaves it to those that follow.
            found ??= Encoding.ASCII.GetString(head.Slice(at, 4)) switch
            {
                "avif" or "avis" => ImageFormat.Avif,
                "heic" or "heix" or "heim" or "heis" or "hevc" or "hevx" => ImageFormat.Heic,
                _ => null,
            };
        }
        return found;
    }

    private static string? OtherTypeOf(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'B', (byte)'M', ..] when head.Length >= 14 => "image/bmp",
        [0, 0, 1, 0, ..] => "image/x-icon",
        [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..] => "application/zip",
        [0x1F, 0x8B, ..] => "application/gzip",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => "video/webm",
        [0xFF, 0x0A, ..] => "image/jxl",
        [0xFF, 0xFB or 0xF3 or 0xF2, ..] => "audio/mpeg",
        [0x7F, (byte)'E', (byte)'L', (byte)'F', ..] => "application/x-elf",
        [(byte)'M', (byte)'Z', ..] => "application/x-msdownload",
        _ when head.StartsWith("%PDF-"u8) => "application/pdf",
        _ when head.StartsWith("%!PS"u8) => "application/postscript",
        _ when head.StartsWith("8BPS"u8) => "image/vnd.adobe.photoshop",
        _ when head.StartsWith("ID3"u8) => "audio/mpeg",
        _ when head.StartsWith("OggS"u8) => "application/ogg",
        _ when IsRiff(head, "AVI "u8) => "video/x-msvideo",
        _ when IsRiff(head, "WAVE"u8) => "audio/wav",
        _ when IsBox(head, "JXL "u8) => "image/jxl",
        _ when IsBox(head, "jP  "u8) => "image/jp2",
        _ when IsBox(head, "ftyp"u8) => head.Length >= 12 && head.Slice(8, 2).SequenceEqual("qt"u8) ? "video/quicktime" : "video/mp4",
        _ => TextTypeOf(head),
    };

    private static string? TextTypeOf(ReadOnlySpan<byte> head)
    {
        var text = head switch
        {
            [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(head[2..]),
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(head[2..]),
            [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8.GetString(head[3..]),
            _ => Encoding.UTF8.GetString(head),
        };
        if (text.Any(c => char.IsControl(c) && c is not ('\r' or '\n' or '\t' or '\f')))
        {
            return null;
        }
        var start = text.TrimStart();
        return start.StartsWith('<') switch
        {
            true when text.Contains("<svg", StringComparison.OrdinalIgnoreCase) => "image/svg+xml",
            true when text.Contains("<html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) => "text/html",
            true when start.StartsWith("<?xml", StringComparison.Ordinal) => "application/xml",
            _ => "text/plain",
        };
    }

    private static bool IsRiff(ReadOnlySpan<byte> head, ReadOnlySpan<byte> kind) =>
        head.Length >= 12 && head.StartsWith("RIFF"u8) && head.Slice(8, 4).SequenceEqual(kind);

    private static bool IsBox(ReadOnlySpan<byte> head, ReadOnlySpan<byte> type) =>
        head.Length >= 12 && head.Slice(4, 4).SequenceEqual(type);
}
