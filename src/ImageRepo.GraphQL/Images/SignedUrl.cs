using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Scalars;

namespace ImageRepo.GraphQL.Images;

internal sealed record SignedUrl(Uri Url, DateTimeOffset ExpiresAt, int? Width, int? Height)
{
    public static SignedUrl For(IResolveFieldContext context, ObjectKey key, int width, int height, string? downloadName = null) =>
        For(context, context.Service<IContentLinks>().Create(key, downloadName), width, height);

    public static SignedUrl For(IResolveFieldContext context, OfferedRendition rendition)
    {
        var links = context.Service<IContentLinks>();
        var link = rendition.IsOnDemand ? links.CreateOnDemand(rendition.Key) : links.Create(rendition.Key);
        return For(context, link, rendition.Width, rendition.Height);
    }

    private static SignedUrl For(IResolveFieldContext context, ContentLink link, int width, int height) =>
        new(new Uri(context.Request().BaseUrl, link.Url), link.ExpiresAt, width, height);
}

internal sealed class SignedUrlType : ObjectGraphType<SignedUrl>
{
    public SignedUrlType()
    {
        Name = "SignedUrl";
        Description = "An address under which a picture can be fetched without further credentials, until it expires.";
        Field<NonNullGraphType<UrlScalar>>("url").Description("The absolute address.").Resolve(u => u.Source.Url);
        Field<NonNullGraphType<DateTimeScalar>>("expiresAt").Description("When the address stops working; ask for another then.").Resolve(u => u.Source.ExpiresAt);
        Field("width", u => u.Width, nullable: true).Description("Pixels.");
        Field("height", u => u.Height, nullable: true).Description("Pixels.");
    }
}
