using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using ImageRepo.Domain.Images;

namespace ImageRepo.Web.Schema;

/// <summary>An image's global id as pages write it into their addresses: Base64 in the alphabet that needs no escaping.</summary>
internal static class PageImageId
{
    private static readonly byte[] TypePrefix = "Image:"u8.ToArray();
    private const int GuidLength = 16;

    public static string Write(string id) => id.TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>The image of an id that the schema wrote.</summary>
    public static ImageId ImageOf(string id) => new(new Guid(Convert.FromBase64String(id).AsSpan(TypePrefix.Length)));

    /// <summary>The id as the schema writes it; false for what no image can have.</summary>
    public static bool TryRead(string? written, [NotNullWhen(true)] out string? id)
    {
        id = null;
        Span<byte> bytes = stackalloc byte[TypePrefix.Length + GuidLength + 2];
        if (written is not { Length: > 0 and <= 40 } || !Base64Url.IsValid(written)
            || !Base64Url.TryDecodeFromChars(written, bytes, out var length)
            || length != TypePrefix.Length + GuidLength || !bytes.StartsWith(TypePrefix))
        {
            return false;
        }
        id = Convert.ToBase64String(bytes[..length]);
        return true;
    }
}
