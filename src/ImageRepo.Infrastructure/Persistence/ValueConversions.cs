using System.Text.Json;
using System.Text.Json.Serialization;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Uploads;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ImageRepo.Infrastructure.Persistence;

/// <summary>How the domain's value objects stand in columns: ids as uuid, enums by name, what has parts as jsonb.</summary>
internal static class ValueConversions
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters =
        {
            new JsonStringEnumConverter(),
            new TextConverter<TagName>(TagName.Parse, tag => tag.Value),
            new TextConverter<HexColor>(HexColor.Parse, color => color.ToString()),
        },
    };

    public static void Apply(ModelConfigurationBuilder configuration)
    {
        configuration.Properties<ImageId>().HaveConversion<ImageIdConverter>();
        configuration.Properties<OwnerId>().HaveConversion<OwnerIdConverter>();
        configuration.Properties<UploadId>().HaveConversion<UploadIdConverter>();
        configuration.Properties<TagName>().HaveConversion<TagNameConverter>().HaveMaxLength(TagName.MaxLength);
        configuration.Properties<HexColor>().HaveConversion<HexColorConverter>().HaveMaxLength(7);
        configuration.Properties<ContentHash>().HaveConversion<ContentHashConverter>();
        configuration.Properties<ImageFormat>().HaveConversion<string>().HaveMaxLength(16);
        configuration.Properties<ImageOrientation>().HaveConversion<string>().HaveMaxLength(16);
        configuration.Properties<ContentSource>().HaveConversion<string>().HaveMaxLength(16);
        configuration.Properties<NamedColor>().HaveConversion<string>().HaveMaxLength(16);
        configuration.Properties<AnalysisStatus>().HaveConversion<string>().HaveMaxLength(16);
    }

    /// <summary>Stores an immutable value as jsonb.</summary>
    public static PropertyBuilder<T> IsJson<T>(this PropertyBuilder<T> property) => property
        .HasColumnType("jsonb")
        .HasConversion(
            value => JsonSerializer.Serialize(value, JsonOptions),
            json => JsonSerializer.Deserialize<T>(json, JsonOptions)!,
            new ValueComparer<T>(
                (left, right) => JsonSerializer.Serialize(left, JsonOptions) == JsonSerializer.Serialize(right, JsonOptions),
                value => JsonSerializer.Serialize(value, JsonOptions).GetHashCode(),
                value => value));

    private sealed class ImageIdConverter() : ValueConverter<ImageId, Guid>(id => id.Value, value => new ImageId(value));

    private sealed class OwnerIdConverter() : ValueConverter<OwnerId, Guid>(id => id.Value, value => new OwnerId(value));

    private sealed class UploadIdConverter() : ValueConverter<UploadId, Guid>(id => id.Value, value => new UploadId(value));

    private sealed class TagNameConverter() : ValueConverter<TagName, string>(name => name.Value, value => TagName.Parse(value));

    private sealed class HexColorConverter() : ValueConverter<HexColor, string>(color => color.ToString(), value => HexColor.Parse(value));

    private sealed class ContentHashConverter()
        : ValueConverter<ContentHash, byte[]>(hash => Convert.FromHexString(hash.Value), bytes => ContentHash.FromBytes(bytes));

    private sealed class TextConverter<T>(Func<string, T> read, Func<T, string> write) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => read(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
    }
}
