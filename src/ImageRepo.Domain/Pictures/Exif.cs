namespace ImageRepo.Domain.Pictures;

/// <summary>What the camera wrote about a photo; for its owner alone.</summary>
/// <param name="ExposureTime">In seconds as photographers write it, for example "1/250".</param>
/// <param name="FocalLength">In millimetres.</param>
/// <param name="TakenAt">The camera's clock; taken as UTC where the file names no offset.</param>
public sealed record Exif(
    string? Make, string? Model, string? Lens, string? ExposureTime, double? FNumber, int? Iso, double? FocalLength,
    DateTimeOffset? TakenAt, string? Software, GeoLocation? Location);

/// <param name="Latitude">Degrees, north positive.</param>
/// <param name="Longitude">Degrees, east positive.</param>
/// <param name="Altitude">Metres above the sea.</param>
public sealed record GeoLocation(double Latitude, double Longitude, double? Altitude);
