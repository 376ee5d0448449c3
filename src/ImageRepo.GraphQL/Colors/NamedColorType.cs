using GraphQL.Types;
using ImageRepo.Domain.Colors;
using ImageRepo.GraphQL.Filtering;

namespace ImageRepo.GraphQL.Colors;

internal sealed class NamedColorType : EnumerationGraphType
{
    public NamedColorType()
    {
        Name = "NamedColor";
        Description = "A colour by its everyday name.";
        foreach (var color in Enum.GetValues<NamedColor>())
        {
            Add(color.ToString().ToUpperInvariant(), color, Describe(color));
        }
    }

    private static string Describe(NamedColor color) => color switch
    {
        NamedColor.Black => "Dark, with hardly any hue.",
        NamedColor.Gray => "Between black and white, with hardly any hue.",
        NamedColor.White => "Light, with hardly any hue.",
        NamedColor.Brown => "Dark orange.",
        NamedColor.Pink => "Light red.",
        _ => $"Any {color.ToString().ToLowerInvariant()}.",
    };
}

internal sealed class NamedColorFilterInputType() : EnumFilterInputType<NamedColorType>("NamedColor");
