namespace ImageRepo.GraphQL.Scalars;

internal static class Fraction
{
    /// <summary>A number of single precision as people write it: 0.93, not 0.9300000071525574.</summary>
    public static double Of(float value) => (double)(decimal)value;

    public static double? Of(float? value) => value is { } number ? Of(number) : null;
}
