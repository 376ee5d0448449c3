namespace ImageRepo.Domain.Colors;

/// <summary>The twelve colour names that Azure AI Vision 3.2 uses too.</summary>
public enum NamedColor
{
    Black,
    Blue,
    Brown,
    Gray,
    Green,
    Orange,
    Pink,
    Purple,
    Red,
    Teal,
    White,
    Yellow,
}
