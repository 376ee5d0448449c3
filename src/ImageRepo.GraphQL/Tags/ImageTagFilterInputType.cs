using System.Linq.Expressions;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Execution;
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
        Condition("name", typeof(StringOperationFilterInputType), "By its name; what is written is trimmed and lower-cased first, as tags are.", Named);
        Member<ImageTagRow, ContentSource>("source", typeof(ContentSourceFilterInputType), "By who gave it.", t => t.Source);
        Member<ImageTagRow, float?>("confidence", typeof(FloatOperationFilterInputType), "By how sure the analyzer is; the owner's tags have none.", t => t.Confidence);
    }

    private static Expression Named(object? value, Expression tag, FilterScope scope)
    {
        var name = Required(value, "name");
        var id = Expression.Property(tag, nameof(ImageTagRow.TagId));
        return scope.Tags.Exactly(name) switch
        {
            null => name.ToExpression(Expression.Property(Expression.Property(tag, nameof(ImageTagRow.Tag)), nameof(TagRow.Name)), scope),
            [] => Expression.Constant(false),
            [var only] => Expression.Equal(id, Boxed.Parameter(only)),
            var ids => Expression.Call(((Func<IEnumerable<int>, int, bool>)Enumerable.Contains).Method, Boxed.Parameter<IEnumerable<int>>(ids), id),
        };
    }
}

internal sealed class ImageTagListFilterInputType() : ListFilterInputType<ImageTagRow, ImageTagFilterInputType>("ImageTagFilterInput");
