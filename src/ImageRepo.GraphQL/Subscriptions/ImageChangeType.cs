using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Images;

namespace ImageRepo.GraphQL.Subscriptions;

internal sealed class ImageChangeType : ObjectGraphType<ImageChange>
{
    public ImageChangeType()
    {
        Name = "ImageChange";
        Description = "Something that happened to an image of the caller.";
        Field<NonNullGraphType<ImageChangeKindType>>("kind").Description("What happened.").Resolve(c => c.Source.Kind);
        Field<NonNullGraphType<IdGraphType>>("imageId").Description("The image's global id, also when it is gone.").Resolve(c => ImageType.IdOf(c.Source.ImageId));
        Field<ImageType>("image").Description("The image as it is now, also from the trash; null once it is purged.")
            .Resolve(c => c.Service<ImageLoader>().Load(c, c.Source.ImageId));
    }
}

internal sealed class ImageChangeKindType : EnumerationGraphType
{
    public ImageChangeKindType()
    {
        Name = "ImageChangeKind";
        Description = "What happened to an image.";
        Add("UPLOADED", ImageChangeKind.Uploaded, "It is new.");
        Add("ANALYZED", ImageChangeKind.Analyzed, "Its analysis ended, well or badly.");
        Add("UPDATED", ImageChangeKind.Updated, "Its owner changed what is said about it.");
        Add("DELETED", ImageChangeKind.Deleted, "It was put into the trash.");
        Add("RESTORED", ImageChangeKind.Restored, "It was taken out of the trash.");
        Add("PURGED", ImageChangeKind.Purged, "It is gone for good.");
    }
}
