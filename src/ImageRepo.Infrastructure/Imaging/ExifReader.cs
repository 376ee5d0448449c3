using System.Globalization;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.IO;
using Directory = MetadataExtractor.Directory;
using GeoLocation = ImageRepo.Domain.Pictures.GeoLocation;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>
/// Reads what cameras write. EXIF is the uploader's to forge and often broken by editors: a field that makes no sense is left out, and a block
/// that can't be parsed is no EXIF; neither makes the picture less of a picture.
/// </summary>
internal static class ExifReader
{
    private const int MaxText = 200;

    // A TIFF's tags are read from the file itself; what they point to may be anything, but not much.
    private const long MaxTiffBytes = 4 << 20;

    private static readonly DateTime Earliest = new(1826, 1, 1);

    /// <param name="block">The EXIF block of a JPEG, PNG, WebP, AVIF or HEIC, with or without its preamble.</param>
    public static Exif? Read(byte[] block)
    {
        var preamble = MetadataExtractor.Formats.Exif.ExifReader.StartsWithJpegExifPreamble(block) ? "Exif\0\0".Length : 0;
        return Parse(() => new MetadataExtractor.Formats.Exif.ExifReader().Extract(new ByteArrayReader(block[preamble..], 0, isMotorolaByteOrder: true)));
    }

    /// <summary>Reads the tags of a TIFF in place.</summary>
    public static Exif? ReadTiff(Stream tiff)
    {
        tiff.Position = 0;
        // TiffMetadataReader would do, but reads all of the file into memory.
        return Parse(() => new MetadataExtractor.Formats.Exif.ExifReader().Extract(new IndexedSeekingReader(new BoundedStream(tiff, MaxTiffBytes), 0, isMotorolaByteOrder: true)));
    }

    private static Exif? Parse(Func<IReadOnlyList<Directory>> read)
    {
        IReadOnlyList<Directory> directories;
        try
        {
            directories = read();
        }
        // The parser promises no set of exceptions for hostile blocks: besides its own there are overflows, bad indices and casts.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
        var exif = From(directories);
        return exif == Nothing ? null : exif;
    }

    private static readonly Exif Nothing = new(null, null, null, null, null, null, null, null, null, null);

    private static Exif From(IReadOnlyList<Directory> directories)
    {
        var camera = directories.OfType<ExifIfd0Directory>().ToList();
        var shot = directories.OfType<ExifSubIfdDirectory>().ToList();
        return new Exif(
            Text(camera, ExifDirectoryBase.TagMake),
            Text(camera, ExifDirectoryBase.TagModel),
            Text(shot, ExifDirectoryBase.TagLensModel),
            ExposureTime(shot),
            Rounded(shot, ExifDirectoryBase.TagFNumber, 1_000),
            Iso(shot),
            Rounded(shot, ExifDirectoryBase.TagFocalLength, 100_000),
            TakenAt(camera, shot),
            Text(camera, ExifDirectoryBase.TagSoftware),
            Location(directories.OfType<GpsDirectory>().ToList()));
    }

    private static string? Text(IEnumerable<Directory> directories, int tag)
    {
        foreach (var directory in directories)
        {
            if (Clean(directory.GetString(tag)) is { } text)
            {
                return text;
            }
        }
        return null;
    }

    /// <summary>Without control characters and lone surrogates, neither of which a database or a page takes; trimmed and bounded.</summary>
    private static string? Clean(string? value)
    {
        if (value is null)
        {
            return null;
        }
        // NUL ends the text: what stands behind it is padding.
        var end = value.IndexOf('\0', StringComparison.Ordinal);
        var text = new string([.. (end < 0 ? value : value[..end]).EnumerateRunes()
            .Where(r => r.Value != 0xFFFD && System.Text.Rune.GetUnicodeCategory(r) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned))
            .Take(MaxText).SelectMany(r => r.ToString())]).Trim();
        while (text.Length > MaxText)
        {
            text = text[..^(char.IsLowSurrogate(text[^1]) ? 2 : 1)];
        }
        return text.Length == 0 ? null : text;
    }

    private static double? Number(IEnumerable<Directory> directories, int tag)
    {
        foreach (var directory in directories)
        {
            if (directory.TryGetDouble(tag, out var value) && double.IsFinite(value))
            {
                return value;
            }
        }
        return null;
    }

    private static double? Positive(IEnumerable<Directory> directories, int tag, double max) =>
        Number(directories, tag) is { } value && value > 0 && value <= max ? value : null;

    /// <summary>Phones write single-precision numbers as fractions: f/1.7799999713 is f/1.78.</summary>
    private static double? Rounded(IEnumerable<Directory> directories, int tag, double max) =>
        Positive(directories, tag, max) is { } value && Math.Round(value, 2) is > 0 and var rounded ? rounded : null;

    private static int? Iso(IEnumerable<Directory> directories) =>
        Positive(directories, ExifDirectoryBase.TagIsoEquivalent, 10_000_000) is { } iso ? (int)iso : null;

    private static string? ExposureTime(IEnumerable<Directory> directories)
    {
        if (Positive(directories, ExifDirectoryBase.TagExposureTime, 1_000_000) is not { } seconds || seconds < 1e-6)
        {
            return null;
        }
        // Photographers write short times as a fraction: 1/250, but 0.4 and 30.
        return seconds < 0.3 ? string.Create(CultureInfo.InvariantCulture, $"1/{Math.Round(1 / seconds):0}") : seconds.ToString("0.##", CultureInfo.InvariantCulture);
    }

    private static DateTimeOffset? TakenAt(IReadOnlyList<Directory> camera, IReadOnlyList<Directory> shot) =>
        Time(shot, ExifDirectoryBase.TagDateTimeOriginal, ExifDirectoryBase.TagTimeZoneOriginal)
        ?? Time(shot, ExifDirectoryBase.TagDateTimeDigitized, ExifDirectoryBase.TagTimeZoneDigitized)
        ?? Time(camera, ExifDirectoryBase.TagDateTime, ExifDirectoryBase.TagTimeZone, shot);

    private static DateTimeOffset? Time(IEnumerable<Directory> directories, int tag, int offsetTag, IEnumerable<Directory>? offsets = null)
    {
        if (!DateTime.TryParseExact(Text(directories, tag), "yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            // Cameras whose clock was never set, and jokes. A day's leave, since the clock may be of any zone.
            || time < Earliest || time > DateTime.UtcNow.AddDays(1))
        {
            return null;
        }
        return new DateTimeOffset(time, Offset(Text(offsets ?? directories, offsetTag)));
    }

    private static TimeSpan Offset(string? text)
    {
        var negative = text?.StartsWith('-') == true;
        return TimeSpan.TryParseExact(text?.TrimStart('+', '-'), @"hh\:mm", CultureInfo.InvariantCulture, out var offset) && offset <= TimeSpan.FromHours(14)
            ? negative ? -offset : offset
            : TimeSpan.Zero;
    }

    private static GeoLocation? Location(IReadOnlyList<GpsDirectory> gps)
    {
        var latitude = Degrees(gps, GpsDirectory.TagLatitude, GpsDirectory.TagLatitudeRef, "S", 90);
        var longitude = Degrees(gps, GpsDirectory.TagLongitude, GpsDirectory.TagLongitudeRef, "W", 180);
        // Zero by zero is what is written where there was no fix.
        if (latitude is null || longitude is null || (latitude == 0 && longitude == 0))
        {
            return null;
        }
        var altitude = Number(gps, GpsDirectory.TagAltitude) is { } metres && metres is >= 0 and < 100_000 ? metres : (double?)null;
        var below = Number(gps, GpsDirectory.TagAltitudeRef) == 1;
        return new GeoLocation(latitude.Value, longitude.Value, below ? -altitude : altitude);
    }

    private static double? Degrees(IReadOnlyList<GpsDirectory> gps, int tag, int referenceTag, string negative, double max)
    {
        foreach (var directory in gps)
        {
            if (directory.GetRationalArray(tag) is { Length: 3 } parts)
            {
                var degrees = parts[0].ToDouble() + parts[1].ToDouble() / 60 + parts[2].ToDouble() / 3600;
                if (double.IsFinite(degrees) && degrees >= 0 && degrees <= max)
                {
                    return Text(gps, referenceTag)?.StartsWith(negative, StringComparison.OrdinalIgnoreCase) == true ? -degrees : degrees;
                }
            }
        }
        return null;
    }
}
