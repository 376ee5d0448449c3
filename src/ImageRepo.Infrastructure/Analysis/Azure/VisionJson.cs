using System.Text.Json;

namespace ImageRepo.Infrastructure.Analysis.Azure;

// The answers of both versions as far as they are read; everything in them may be missing.

internal static class VisionJson
{
    public static JsonSerializerOptions Options { get; } = new() { PropertyNameCaseInsensitive = true };

    /// <exception cref="InvalidDataException">This is no answer of the service.</exception>
    public static T Read<T>(ReadOnlySpan<byte> body) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, Options) ?? throw new InvalidDataException("Azure's answer is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("Azure's answer can't be read.", e);
        }
    }
}

internal sealed record Named(string? Name, float Confidence);

internal sealed record Said(string? Text, float Confidence);

internal sealed record PictureSize(int Width, int Height);

internal sealed record Values<T>(IReadOnlyList<T?>? Items)
{
    [System.Text.Json.Serialization.JsonPropertyName("values")]
    public IReadOnlyList<T?>? Items { get; init; } = Items;
}

/// <summary>In pixels of the picture that was sent.</summary>
internal sealed record PixelBox(float X, float Y, float W, float H);

internal sealed record Answer40(
    string? ModelVersion, Said? CaptionResult, PictureSize? Metadata, Values<Named>? TagsResult, Values<FoundObject>? ObjectsResult,
    ReadBlocks? ReadResult, Values<FoundPerson>? PeopleResult);

internal sealed record FoundObject(PixelBox? BoundingBox, IReadOnlyList<Named?>? Tags);

internal sealed record FoundPerson(PixelBox? BoundingBox, float Confidence);

internal sealed record ReadBlocks(IReadOnlyList<ReadBlock?>? Blocks);

internal sealed record ReadBlock(IReadOnlyList<ReadLine?>? Lines);

internal sealed record ReadLine(string? Text, IReadOnlyList<PixelPoint?>? BoundingPolygon, IReadOnlyList<ReadWord?>? Words);

internal sealed record PixelPoint(float X, float Y);

internal sealed record ReadWord(float Confidence);

internal sealed record Answer32(string? ModelVersion, IReadOnlyList<Named?>? Tags, Description32? Description);

internal sealed record Description32(IReadOnlyList<Said?>? Captions);
