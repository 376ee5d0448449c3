using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Storage;

namespace ImageRepo.Domain.Images;

/// <summary>A stored, smaller copy of the picture, without metadata.</summary>
/// <param name="Size">The size it was made for: the longer side, at most, in pixels.</param>
public sealed record Rendition(int Size, int Width, int Height, ImageFormat Format);

/// <summary>A rendition that somebody can be given a link to.</summary>
/// <param name="IsOnDemand">Whether it is made when it is asked for the first time; else it is there since the upload.</param>
public sealed record OfferedRendition(ObjectKey Key, int Width, int Height, bool IsOnDemand);
