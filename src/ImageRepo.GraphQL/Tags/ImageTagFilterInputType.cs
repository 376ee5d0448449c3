using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Filtering;
using ImageRepo.GraphQL.Images;
using ImageRepo.Infrastructure.Persistence;

namespace ImageRepo.GraphQL.Tags;

internal sealed class ImageTagFilterInputType : FilterInputType
{
    public ImageTagFilterInputType()
    {
        Name = "ImageTagFilterInput";
        Description = "Conditions on one tag of an image, all of which must hold.";
        Combinable();
        Member<ImageTagRow, TagName>("name", typeof(StringOperationFilterInputType), "By its name; what is written is trimmed and lower-cased first, as tags are.", t => t.Tag!.Name);
        Member<ImageTagRow, ContentSource>("source", typeof(ContentSourceFilterInputType), "By who gave it.", t => t.Source);
        Member<ImageTagRow, float?>("confidence", typeof(FloatOperationFilterInputType), "By how sure the analyzer is; the owner's tags have none.", t => t.Confidence);
    }
}

internal sealed class ImageTagListFilterInputType() : ListFilterInputType<ImageTagRow, ImageTagFilterInputType>("ImageTagFilterInput");
