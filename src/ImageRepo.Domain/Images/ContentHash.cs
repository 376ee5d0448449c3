namespace ImageRepo.Domain.Images;

/// <summary>SHA-256 of bytes, of the whole original unless said otherwise, as 64 lower-case hexadecimal digits.</summary>
public readonly record struct ContentHash
{
    public const int Length = 64;

    private ContentHash(string value) => Value = value;

    public string Value { get; }

    public static ContentHash FromBytes(ReadOnlySpan<byte> sha256) => sha256.Length == Length / 2
        ? new ContentHash(Convert.ToHexStringLower(sha256))
        : throw new ArgumentException("A SHA-256 hash has 32 bytes.", nameof(sha256));

    /// <exception cref="FormatException">The text is not 64 hexadecimal digits.</exception>
    public static ContentHash Parse(string value) => value.Length == Length && value.All(char.IsAsciiHexDigit)
        ? new ContentHash(value.ToLowerInvariant())
        : throw new FormatException("A content hash is the 64 hexadecimal digits of a SHA-256 hash.");

    public override string ToString() => Value;
}
