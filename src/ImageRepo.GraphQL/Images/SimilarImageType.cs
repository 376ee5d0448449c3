using GraphQL.Types;

namespace ImageRepo.GraphQL.Images;

internal sealed class SimilarImageType : ObjectGraphType<SimilarImage>
{
    public SimilarImageType()
    {
        Name = "SimilarImage";
        Description = "An image that looks like another.";
        Field<NonNullGraphType<ImageType>>("image").Description("The image.").Resolve(s => s.Source.Image);
        Field<NonNullGraphType<FloatGraphType>>("similarity").Description("1 where the two can't be told apart, less the less alike they are.").Resolve(s => s.Source.Degree);
    }
}
