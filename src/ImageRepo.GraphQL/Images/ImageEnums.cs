using GraphQL.Types;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.GraphQL.Filtering;

namespace ImageRepo.GraphQL.Images;

internal sealed class ImageOrientationType : EnumerationGraphType
{
    public ImageOrientationType()
    {
        Name = "ImageOrientation";
        Description = "The shape of the picture as it is shown.";
        Add("LANDSCAPE", ImageOrientation.Landscape, "Wider than high.");
        Add("PORTRAIT", ImageOrientation.Portrait, "Higher than wide.");
        Add("SQUARE", ImageOrientation.Square, "As wide as high, within 5 percent.");
    }
}

internal sealed class ImageFitType : EnumerationGraphType
{
    public ImageFitType()
    {
        Name = "ImageFit";
        Description = "How a picture is fitted into bounds.";
        Add("INSIDE", ImageFit.Inside, "All of it, no side longer than its bound.");
        Add("COVER", ImageFit.Cover, "Cut from its middle to the shape that is most like the bounds', of 1:1, 4:3, 3:2, 16:9 and these upright.");
    }
}

internal sealed class ImageFormatType : EnumerationGraphType
{
    public ImageFormatType()
    {
        Name = "ImageFormat";
        Description = "An encoding that copies are made in.";
        Add("WEBP", ImageFormat.WebP, "Animations keep moving in it; in the others their first frame is shown.");
        Add("AVIF", ImageFormat.Avif, "The smallest files, and the longest to make.");
        Add("JPEG", ImageFormat.Jpeg, "Transparent parts are white.");
        Add("PNG", ImageFormat.Png, "Without loss, and large.");
    }
}

internal sealed class ContentSourceType : EnumerationGraphType
{
    public ContentSourceType()
    {
        Name = "ContentSource";
        Description = "Who said it. The owner's word stands above the analyzer's.";
        Add("OWNER", ContentSource.Owner, "The image's owner.");
        Add("ANALYZER", ContentSource.Analyzer, "The image analysis.");
    }
}

internal sealed class AnalysisStatusType : EnumerationGraphType
{
    public AnalysisStatusType()
    {
        Name = "AnalysisStatus";
        Description = "Where an image's analysis stands.";
        Add("PENDING", AnalysisStatus.Pending, "It waits for its turn, the first time or again.");
        Add("RUNNING", AnalysisStatus.Running, "It is under way.");
        Add("COMPLETED", AnalysisStatus.Completed, "Description and tags are there.");
        Add("FAILED", AnalysisStatus.Failed, "It was given up; `failure` says why.");
    }
}

internal sealed class ImageOrientationFilterInputType() : EnumFilterInputType<ImageOrientationType>("ImageOrientation");

internal sealed class ContentSourceFilterInputType() : EnumFilterInputType<ContentSourceType>("ContentSource");

internal sealed class AnalysisStatusFilterInputType() : EnumFilterInputType<AnalysisStatusType>("AnalysisStatus");
