using System.Linq.Expressions;
using GraphQL.Types;
using ImageRepo.Domain.Colors;
using ImageRepo.GraphQL.Scalars;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace ImageRepo.GraphQL.Colors;

/// <summary>Colours of a palette within a distance of one colour, of at least some share of the picture.</summary>
/// <param name="Tolerance">Euclidean distance in OKLab; 0 is the colour itself.</param>
internal sealed record ColorNear(HexColor Hex, double Tolerance, double MinShare)
{
    public const double DefaultTolerance = 0.1;
    public const double DefaultMinShare = 0.05;

    /// <summary>The same place is not computed twice to the last bit: this squared distance counts as none.</summary>
    private const double Rounding = 1e-9;

    /// <summary>The point that nearest and largest colours lie closest to: full share is weight 0.</summary>
    public NpgsqlCube Target { get; } = Oklab.From(Hex) is var lab ? new NpgsqlCube([lab.L, lab.A, lab.B, 0]) : default;

    /// <summary>The weighted distance beyond which no colour matches: the tolerance, and all the weight that the share may add.</summary>
    public double Reach => Math.Sqrt(Tolerance * Tolerance + ImageColorRow.ShareWeight * (1 - MinShare) * ImageColorRow.ShareWeight * (1 - MinShare)) + Math.Sqrt(Rounding);

    /// <summary>The indexed distance holds the weight of the share too, which is taken out again.</summary>
    public Expression<Func<ImageColorRow, bool>> Matches()
    {
        var (target, tolerance, minShare) = (Target, Tolerance, (float)MinShare);
        var limit = tolerance * tolerance + Rounding;
        return color => color.Share >= minShare
            && color.LabW.Distance(target) * color.LabW.Distance(target)
                - ImageColorRow.ShareWeight * (1 - color.Share) * (ImageColorRow.ShareWeight * (1 - color.Share)) <= limit;
    }
}

internal sealed class ColorNearInputType : InputObjectGraphType
{
    public ColorNearInputType()
    {
        Name = "ColorNearInput";
        Description = "A colour, how near another must be to it, and how much of the picture that one must cover.";
        Field<NonNullGraphType<HexColorScalar>>("hex").Description("The colour sought.");
        Field<FloatGraphType>("tolerance").DefaultValue(ColorNear.DefaultTolerance)
            .Description("The largest distance in OKLab, where 0 is the same colour and 1 the distance from black to white.");
        Field<FloatGraphType>("minShare").DefaultValue(ColorNear.DefaultMinShare)
            .Description("The least share of the picture that the colour covers, 0 to 1.");
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new ColorNear(
        (HexColor)value["hex"]!,
        Clamped(value, "tolerance", 2, ColorNear.DefaultTolerance),
        Clamped(value, "minShare", 1, ColorNear.DefaultMinShare));

    /// <summary>No two colours are 2 apart and no share is over 1: beyond that a number means nothing more.</summary>
    private static double Clamped(IDictionary<string, object?> fields, string name, double max, double otherwise) =>
        fields.TryGetValue(name, out var value) && value is double number && !double.IsNaN(number) ? Math.Clamp(number, 0, max) : otherwise;
}
