using GraphQL.Types;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Scalars;
using ImageRepo.GraphQL.Users;

namespace ImageRepo.GraphQL.Images;

internal sealed class ImageTooLargeErrorType : ErrorType<ImageTooLargeException>
{
    public ImageTooLargeErrorType() : base("The file has too many bytes.")
    {
        Field<LongScalar>("byteSize").Description("Bytes of the file; null when it was cut off at the limit.").Resolve(e => e.Source.ByteSize);
        Field<NonNullGraphType<LongScalar>>("maxByteSize").Description("The most bytes allowed.").Resolve(e => e.Source.MaxByteSize);
    }
}

internal sealed class ImageDimensionsTooLargeErrorType : ErrorType<ImageDimensionsTooLargeException>
{
    public ImageDimensionsTooLargeErrorType() : base("The picture has too many pixels or frames.")
    {
        Field("width", e => e.Width).Description("Pixels.");
        Field("height", e => e.Height).Description("Pixels.");
        Field("frames", e => e.Frames).Description("Frames of the animation or pages of the document.");
        Field<NonNullGraphType<LongScalar>>("maxPixels").Description("The most pixels allowed, all frames together.").Resolve(e => e.Source.MaxPixels);
        Field("maxFrames", e => e.MaxFrames).Description("The most frames allowed.");
    }
}

internal sealed class UnsupportedImageFormatErrorType : ErrorType<UnsupportedImageFormatException>
{
    public UnsupportedImageFormatErrorType() : base("The file is no image of a supported type.")
    {
        Field("detectedType", e => e.DetectedType, nullable: true).Description("The media type told from the bytes; null when they are of no known type.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<StringGraphType>>>>("supportedTypes").Description("The media types that are supported.").Resolve(e => e.Source.SupportedTypes);
    }
}

internal sealed class CorruptImageErrorType() : ErrorType<CorruptImageException>("The image is damaged or incomplete.");

internal sealed class EmptyFileErrorType() : ErrorType<EmptyFileException>("The file has no bytes.");

internal sealed class QuotaExceededErrorType : ErrorType<QuotaExceededException>
{
    public QuotaExceededErrorType() : base("The library has no room for it.") =>
        Field<NonNullGraphType<UsageType>>("usage").Description("What is stored, and how much may be.").Resolve(e => e.Source.Usage);
}

internal sealed class InvalidTagErrorType : ErrorType<InvalidTagException>
{
    public InvalidTagErrorType() : base("A tag is empty, too long, not writable, or one too many.") =>
        Field("tag", e => e.Tag).Description("The tag, cut to the longest length allowed.");
}

internal sealed class TooManyTagsErrorType : ErrorType<TooManyTagsException>
{
    public TooManyTagsErrorType() : base("The image would have too many tags.")
    {
        Field<NonNullGraphType<IdGraphType>>("id").Description("The image.").Resolve(e => ImageType.IdOf(e.Source.Id));
        Field("maxTags", e => e.MaxTags).Description("The most tags allowed on an image.");
    }
}

internal sealed class TooManyImagesErrorType : ErrorType<TooManyImagesException>
{
    public TooManyImagesErrorType() : base("The call names too many images.") =>
        Field("maxImages", e => e.MaxImages).Description("The most images allowed in one call.");
}

internal sealed class DuplicateImageErrorType : ErrorType<DuplicateImageException>
{
    public DuplicateImageErrorType() : base("The same picture is in the library already.")
    {
        Field<NonNullGraphType<IdGraphType>>("id").Description("The image that was asked for.").Resolve(e => ImageType.IdOf(e.Source.Id));
        Field<NonNullGraphType<ImageType>>("existing").Description("The image that is there.").Resolve(e => e.Source.Existing);
    }
}

internal sealed class ConcurrentEditErrorType : ErrorType<ConcurrentEditException>
{
    public ConcurrentEditErrorType() : base("The image was changed by someone else in the meantime.") =>
        Field<NonNullGraphType<IdGraphType>>("id").Description("The image.").Resolve(e => ImageType.IdOf(e.Source.Id));
}

internal sealed class InvalidTextErrorType : ErrorType<InvalidTextException>
{
    public InvalidTextErrorType() : base("A text is too long or holds what can't be stored.")
    {
        Field("field", e => e.Field).Description("The input field.");
        Field("maxLength", e => e.MaxLength).Description("The most UTF-16 code units allowed.");
    }
}
