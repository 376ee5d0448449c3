namespace ImageRepo.Domain.Images;

/// <summary>The shape of the picture as it is shown, after EXIF rotation.</summary>
public enum ImageOrientation
{
    Landscape,
    Portrait,
    Square,
}
