using System.Globalization;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Uploads;

namespace ImageRepo.Domain.Storage;

/// <summary>Where an object lies in the store. Made of ids and sizes alone: no key holds what a user wrote.</summary>
public readonly record struct ObjectKey
{
    public const string OriginalsPrefix = "originals/";
    public const string RenditionsPrefix = "renditions/";
    public const string UploadsPrefix = "uploads/";

    private ObjectKey(string value) => Value = value;

    public string Value { get; }

    public static ObjectKey Original(OwnerId owner, ImageId image) => new($"{OriginalsPrefix}{owner.Value:N}/{image.Value:N}");

    public static ObjectKey Rendition(OwnerId owner, ImageId image, int size) => new($"{RenditionsPrefix}{owner.Value:N}/{image.Value:N}/{size}");

    /// <summary>A copy that is made on demand; it lies, and goes, with the stored sizes.</summary>
    public static ObjectKey Rendition(OwnerId owner, ImageId image, RenditionPlan plan) => new(RenditionsOf(owner, image) + plan.Name);

    /// <summary>The folder of an image's renditions.</summary>
    public static string RenditionsOf(OwnerId owner, ImageId image) => $"{RenditionsPrefix}{owner.Value:N}/{image.Value:N}/";

    /// <summary>A part, from 1, of a file that is not complete yet.</summary>
    public static ObjectKey UploadPart(OwnerId owner, UploadId upload, int part) => new(string.Create(CultureInfo.InvariantCulture, $"{PartsOf(owner, upload)}{part}"));

    /// <summary>The folder of an upload's parts.</summary>
    public static string PartsOf(OwnerId owner, UploadId upload) => $"{UploadsPrefix}{owner.Value:N}/{upload.Value:N}/";

    /// <summary>The number of the part that the object is; 0 for a key that no part has.</summary>
    public int Part => Value.StartsWith(UploadsPrefix, StringComparison.Ordinal) && Value.Split('/') is [_, _, _, var part]
        && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>The image that the object belongs to, or null for a key that no image has.</summary>
    public ImageId? Image => !Value.StartsWith(UploadsPrefix, StringComparison.Ordinal) && Value.Split('/') is [_, _, var image, ..] && Guid.TryParseExact(image, "N", out var id) ? new ImageId(id) : null;

    /// <summary>Whose copy of which image, made how, the object is; null unless it is one that is made on demand.</summary>
    public (OwnerId Owner, ImageId Image, RenditionPlan Plan)? OnDemand =>
        Value.StartsWith(RenditionsPrefix, StringComparison.Ordinal) && Value.Split('/') is [_, var owner, var image, var name]
        && Guid.TryParseExact(owner, "N", out var ownerId) && Guid.TryParseExact(image, "N", out var imageId) && RenditionPlan.Named(name) is { } plan
            ? (new OwnerId(ownerId), new ImageId(imageId), plan) : null;

    /// <summary>The upload that the part belongs to, or null for a key that no part has.</summary>
    public UploadId? Upload => Part > 0 && Guid.TryParseExact(Value.Split('/')[2], "N", out var id) ? new UploadId(id) : null;

    /// <summary>Reads a key that a store lists. Traversal, empty segments and other characters than a-z, 0-9, '/' and '-' are refused.</summary>
    /// <exception cref="FormatException">The text is no key.</exception>
    public static ObjectKey Parse(string value) =>
        value.Length is > 0 and <= 200 && value.Split('/').All(s => s.Length > 0 && s.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            ? new ObjectKey(value)
            : throw new FormatException("Not an object key.");

    public override string ToString() => Value;
}
