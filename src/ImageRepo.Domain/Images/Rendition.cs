using ImageRepo.Domain.Pictures;

namespace ImageRepo.Domain.Images;

/// <summary>A stored, smaller copy of the picture, without metadata.</summary>
/// <param name="Size">The size it was made for: the longer side, at most, in pixels.</param>
public sealed record Rendition(int Size, int Width, int Height, ImageFormat Format);
