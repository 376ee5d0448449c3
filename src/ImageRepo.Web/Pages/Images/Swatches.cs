using ImageRepo.Domain.Colors;

namespace ImageRepo.Web.Pages.Images;

/// <summary>How the twelve colour names are painted where a person chooses one.</summary>
internal static class Swatches
{
    public static IReadOnlyList<(NamedColor Color, string Hex)> All { get; } =
    [
        (NamedColor.Red, "#D64541"), (NamedColor.Orange, "#EE8A2C"), (NamedColor.Yellow, "#F2CB3D"), (NamedColor.Green, "#4C9A4E"),
        (NamedColor.Teal, "#1F9C97"), (NamedColor.Blue, "#3B74D1"), (NamedColor.Purple, "#8356C2"), (NamedColor.Pink, "#EA89B5"),
        (NamedColor.Brown, "#85583A"), (NamedColor.Black, "#17181A"), (NamedColor.Gray, "#8E949B"), (NamedColor.White, "#FFFFFF"),
    ];
}
