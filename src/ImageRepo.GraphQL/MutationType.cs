using GraphQL.Types;
using ImageRepo.GraphQL.Images;
using ImageRepo.GraphQL.Mutations;
using ImageRepo.GraphQL.Uploads;

namespace ImageRepo.GraphQL;

internal sealed class MutationType : ObjectGraphType
{
    public MutationType()
    {
        Name = "Mutation";
        Description = "What can be changed.";
        this.Mutation<UploadImageInputType, UploadImagePayloadType, UploadImageInput, UploadImagePayload>("uploadImage",
            "Adds an image, by the multipart request specification. Its thumbnails and colours are there at once, description and tags follow. The same bytes uploaded again return the first image with `isDuplicate`.",
            UploadImage.ResolveAsync);
        this.Mutation<BeginUploadInputType, BeginUploadPayloadType, BeginUploadInput, BeginUploadPayload>("beginUpload",
            "Begins to upload a large file in parts, or goes on with it: gives the addresses of its parts and says which have arrived.", BeginUpload.ResolveAsync);
        this.Mutation<CompleteUploadInputType, CompleteUploadPayloadType, CompleteUploadInput, CompleteUploadPayload>("completeUpload",
            "Makes an image of an upload whose parts have all been sent. Asked again, it gives the same answer.", CompleteUpload.ResolveAsync);
        this.Mutation<ImportImageInputType, ImportImagePayloadType, ImportImageInput, ImportImagePayload>("importImage",
            "Adds an image from an address on the public internet, never from a private one.", ImportImage.ResolveAsync);
        this.Mutation<UpdateImageInputType, UpdateImagePayloadType, UpdateImageInput, UpdateImagePayload>("updateImage",
            "Changes what the owner says about an image.", UpdateImage.ResolveAsync);
        this.Mutation<TagImagesInputType, TagImagesPayloadType, TagImagesInput, TagImagesPayload>("tagImages",
            "Puts tags on images and takes tags off them.", TagImages.ResolveAsync);
        this.Mutation<DeleteImagesInputType, DeleteImagesPayloadType, DeleteImagesInput, DeleteImagesPayload>("deleteImages",
            "Puts images into the trash, or deletes them for good.", DeleteImages.ResolveAsync);
        this.Mutation<RestoreImagesInputType, RestoreImagesPayloadType, RestoreImagesInput, RestoreImagesPayload>("restoreImages",
            "Takes images out of the trash.", RestoreImages.ResolveAsync);
        this.Mutation<ReanalyzeImagesInputType, ReanalyzeImagesPayloadType, ReanalyzeImagesInput, ReanalyzeImagesPayload>("reanalyzeImages",
            "Analyses images again, in the background and after all uploads. The old result stays until the new one is there, the owner's own words and tags in any case.",
            ReanalyzeImages.ResolveAsync);
    }
}
