using GraphQL.Types;
using ImageRepo.Domain.Colors;
using ImageRepo.GraphQL.Filtering;
using ImageRepo.GraphQL.Scalars;
using ImageRepo.Infrastructure.Persistence;

namespace ImageRepo.GraphQL.Colors;

internal sealed class ImageColorType : ObjectGraphType<ImageColor>
{
    public ImageColorType()
    {
        Name = "ImageColor";
        Description = "One colour of an image's palette.";
        Field<NonNullGraphType<HexColorScalar>>("hex").Description("The colour itself.").Resolve(c => c.Source.Hex);
        Field<NonNullGraphType<NamedColorType>>("name").Description("What people call it.").Resolve(c => c.Source.Name);
        Field<NonNullGraphType<FloatGraphType>>("share").Description("The part of the picture that it covers, over 0 to 1.").Resolve(c => Fraction.Of(c.Source.Share));
    }
}

internal sealed class ImageColorFilterInputType : FilterInputType
{
    public ImageColorFilterInputType()
    {
        Name = "ImageColorFilterInput";
        Description = "Conditions on one colour of a palette, all of which must hold.";
        Combinable();
        Member<ImageColorRow, NamedColor>("name", typeof(NamedColorFilterInputType), "By its name.", c => c.Name);
        Member<ImageColorRow, float>("share", typeof(FloatOperationFilterInputType), "By the part of the picture that it covers, over 0 to 1.", c => c.Share);
    }
}

internal sealed class ImageColorListFilterInputType() : ListFilterInputType<ImageColorRow, ImageColorFilterInputType>("ImageColorFilterInput");
