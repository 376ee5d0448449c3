using GraphQL.Types;
using ImageRepo.Domain;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Nodes;

namespace ImageRepo.GraphQL.Images;

/// <summary>What a client wrote is not the id of any image. It looks the same as the id of an image that is not there.</summary>
internal sealed class UnreadableImageIdException(string id) : DomainException("There is no image with this id in your library.")
{
    public string Id { get; } = id;
}

internal sealed class ImageNotFoundErrorType : ObjectGraphType<DomainException>
{
    public ImageNotFoundErrorType()
    {
        Name = "ImageNotFoundError";
        Description = "There is no such image in the caller's library.";
        Interface<ErrorInterfaceType>();
        IsTypeOf = error => error is ImageNotFoundException or UnreadableImageIdException;
        Field("message", e => e.Message).Description("The problem and the limit, in words for the caller.");
        Field<NonNullGraphType<IdGraphType>>("id").Description("The id that was asked for.")
            .Resolve(e => e.Source is ImageNotFoundException missing ? ImageType.IdOf(missing.Id) : ((UnreadableImageIdException)e.Source).Id);
    }
}

/// <summary>Global ids of images as a mutation takes them.</summary>
internal static class ImageIds
{
    public static ImageId Parse(string text) =>
        GlobalId.TryDecode(text, ImageType.TypeName, out var id) ? new ImageId(id) : throw new UnreadableImageIdException(text);

    /// <exception cref="TooManyImagesException">More than <see cref="ImageLimits.ImagesPerCall"/>.</exception>
    public static (IReadOnlyCollection<ImageId> Ids, IReadOnlyList<DomainException> Errors) ParseAll(IReadOnlyCollection<string> texts, ImageLimits limits)
    {
        if (texts.Count > limits.ImagesPerCall)
        {
            throw new TooManyImagesException(texts.Count, limits.ImagesPerCall);
        }
        var ids = new List<ImageId>();
        var errors = new List<DomainException>();
        foreach (var text in texts.Distinct())
        {
            if (GlobalId.TryDecode(text, ImageType.TypeName, out var id))
            {
                ids.Add(new ImageId(id));
            }
            else
            {
                errors.Add(new UnreadableImageIdException(text));
            }
        }
        return ([.. ids.Distinct()], errors);
    }
}
