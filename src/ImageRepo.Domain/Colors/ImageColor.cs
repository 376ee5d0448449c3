namespace ImageRepo.Domain.Colors;

/// <summary>One colour of an image's palette.</summary>
/// <param name="Share">The part of the picture it covers, over 0 to 1; transparent pixels don't count.</param>
public sealed record ImageColor(HexColor Hex, NamedColor Name, float Share);
