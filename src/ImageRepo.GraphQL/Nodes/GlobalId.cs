using System.Buffers.Text;
using System.Text;

namespace ImageRepo.GraphQL.Nodes;

/// <summary>A global object id: Base64 of the type's name, a colon and the 16 bytes of the Guid in .NET's order.</summary>
internal static class GlobalId
{
    private const int GuidLength = 16;
    private const int MaxLength = 200;

    public static string Encode(string type, Guid id) => Convert.ToBase64String([.. Encoding.ASCII.GetBytes(type), (byte)':', .. id.ToByteArray()]);

    /// <summary>Reads both Base64 alphabets, with padding or without; false for all that is not the id of such a type.</summary>
    public static bool TryDecode(string? text, string type, out Guid id)
    {
        id = default;
        return TryDecode(text, out var decodedType, out var decoded) && decodedType == type && (id = decoded) == decoded;
    }

    public static bool TryDecode(string? text, out string type, out Guid id)
    {
        type = "";
        id = default;
        if (text is null or { Length: 0 or > MaxLength } || Bytes(text) is not { } bytes)
        {
            return false;
        }
        var colon = bytes.Length - GuidLength - 1;
        if (colon <= 0 || bytes[colon] != (byte)':' || !Ascii.IsValid(bytes.AsSpan(0, colon)))
        {
            return false;
        }
        type = Encoding.ASCII.GetString(bytes, 0, colon);
        id = new Guid(bytes.AsSpan(colon + 1));
        return true;
    }

    private static byte[]? Bytes(string text)
    {
        var url = text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return !url.Contains('=') && Base64Url.IsValid(url) ? Base64Url.DecodeFromChars(url) : null;
    }
}
