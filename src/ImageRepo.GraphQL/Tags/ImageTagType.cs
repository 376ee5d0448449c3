using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Filtering;
using ImageRepo.GraphQL.Images;
using ImageRepo.GraphQL.Scalars;
using ImageRepo.Infrastructure.Persistence;

namespace ImageRepo.GraphQL.Tags;

internal sealed class ImageTagType : ObjectGraphType<ImageTag>
{
    public ImageTagType()
    {
        Name = "ImageTag";
        Description = "A tag on an image.";
        Field<NonNullGraphType<StringGraphType>>("name").Description("The tag: trimmed, lower case.").Resolve(t => t.Source.Name.Value);
        Field<NonNullGraphType<ContentSourceType>>("source").Description("Who gave it.").Resolve(t => t.Source.Source);
        Field<FloatGraphType>("confidence").Description("How sure the analyzer is, 0 to 1; null for the owner's tags.").Resolve(t => Fraction.Of(t.Source.Confidence));
    }
}
