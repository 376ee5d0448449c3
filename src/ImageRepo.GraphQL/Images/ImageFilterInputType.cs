using System.Linq.Expressions;
using System.Reflection;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.GraphQL.Colors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Filtering;
using ImageRepo.GraphQL.Tags;
using ImageRepo.Infrastructure.Persistence;

namespace ImageRepo.GraphQL.Images;

/// <summary>What images can be filtered by.</summary>
internal sealed class ImageFilterInputType : FilterInputType
{
    public const string Color = "color";
    public const string DeletedAt = "deletedAt";

    public ImageFilterInputType()
    {
        Name = "ImageFilterInput";
        Description = "Conditions on an image, all of which must hold.";
        Combinable();
        Condition("tags", typeof(ImageTagListFilterInputType), "By the tags. Images in the trash count as having none.", (value, image, scope) =>
            Required(value, "tags").ToExpression(RowsOf<ImageTagRow>(scope.Db.ImageTags, image, t => t.ImageId), scope));
        Condition("colors", typeof(ImageColorListFilterInputType), "By the palette. Images in the trash count as having none.", (value, image, scope) =>
            Required(value, "colors").ToExpression(RowsOf<ImageColorRow>(scope.Db.ImageColors, image, c => c.ImageId), scope));
        Condition(Color, typeof(ColorNearInputType),
            "Perceptually near a colour. At the top level and without `order` the nearest and largest come first; elsewhere it only filters.", NearColor);
        Member<Image, string?>("description", typeof(StringOperationFilterInputType), "By the text of the description: the owner's, else the analyzer's.",
            i => i.OwnerDescription ?? i.AnalyzerDescription);
        Member<Image, string>("fileName", typeof(StringOperationFilterInputType), "By the file's name.", i => i.FileName);
        Condition("contentType", typeof(StringOperationFilterInputType), "By the media type of the original, for example `image/png`.", ContentType);
        Member<Image, long>("byteSize", typeof(LongOperationFilterInputType), "By the bytes of the original.", i => i.ByteSize);
        Member<Image, int>("width", typeof(IntOperationFilterInputType), "By the width in pixels.", i => i.Width);
        Member<Image, int>("height", typeof(IntOperationFilterInputType), "By the height in pixels.", i => i.Height);
        Member<Image, ImageOrientation>("orientation", typeof(ImageOrientationFilterInputType), "By the shape.", i => i.Orientation);
        Member<Image, bool>("isBlackAndWhite", typeof(BooleanOperationFilterInputType), "By whether it is without colour.", i => i.IsBlackAndWhite);
        Member<Image, bool>("isFavorite", typeof(BooleanOperationFilterInputType), "By whether the owner marked it.", i => i.IsFavorite);
        Member<Image, DateTimeOffset?>("takenAt", typeof(DateTimeOperationFilterInputType), "By when it was taken.", i => i.TakenAt);
        Member<Image, DateTimeOffset>("uploadedAt", typeof(DateTimeOperationFilterInputType), "By when it was uploaded.", i => i.UploadedAt);
        Member<Image, DateTimeOffset?>(DeletedAt, typeof(DateTimeOperationFilterInputType),
            "By when it was put into the trash. Only a filter that names this sees the trash: `{ neq: null }` is all of it.", i => i.DeletedAt);
        Member<Image, ImageAnalysis>("analysis", typeof(ImageAnalysisFilterInputType), "By the analysis.", i => i.Analysis);
    }

    /// <summary>The rows of an index table that belong to the image, as a query within the query.</summary>
    private static MethodCallExpression RowsOf<TRow>(IQueryable<TRow> rows, Expression image, Expression<Func<TRow, ImageId>> imageId)
    {
        var row = imageId.Parameters[0];
        var isOfImage = Expression.Equal(imageId.Body, Expression.Property(image, nameof(Image.Id)));
        return Expression.Call(Where.MakeGenericMethod(typeof(TRow)), rows.Expression, Expression.Quote(Expression.Lambda<Func<TRow, bool>>(isOfImage, row)));
    }

    private static MethodCallExpression NearColor(object? value, Expression image, FilterScope scope)
    {
        var near = value as ColorNear ?? throw FilterErrors.NullNotSupported(Color);
        return Expression.Call(
            Any.MakeGenericMethod(typeof(ImageColorRow)), RowsOf<ImageColorRow>(scope.Db.ImageColors, image, c => c.ImageId), Expression.Quote(near.Matches()));
    }

    /// <summary>There are few formats: those whose media type meets the conditions are looked up here, so the SQL compares what is stored.</summary>
    private static Expression ContentType(object? value, Expression image, FilterScope scope)
    {
        var type = Expression.Parameter(typeof(string), "contentType");
        var condition = Required(value, "contentType").ToExpression(type, scope);
        var meets = Expression.Lambda<Func<string, bool>>(condition, type).Compile(preferInterpretation: true);
        ImageFormat[] formats = [.. Enum.GetValues<ImageFormat>().Where(f => meets(f.ContentType()))];
        return Expression.Call(ContainsItem.MakeGenericMethod(typeof(ImageFormat)),
            Boxed.Parameter<IEnumerable<ImageFormat>>(formats), Expression.Property(image, nameof(Image.Format)));
    }

    private static readonly MethodInfo Where = ((Func<IQueryable<Image>, Expression<Func<Image, bool>>, IQueryable<Image>>)Queryable.Where).Method.GetGenericMethodDefinition();
    private static readonly MethodInfo Any = ((Func<IQueryable<Image>, Expression<Func<Image, bool>>, bool>)Queryable.Any).Method.GetGenericMethodDefinition();
    private static readonly MethodInfo ContainsItem = ((Func<IEnumerable<Image>, Image, bool>)Enumerable.Contains).Method.GetGenericMethodDefinition();
}

internal sealed class ImageAnalysisFilterInputType : FilterInputType
{
    public ImageAnalysisFilterInputType()
    {
        Name = "ImageAnalysisFilterInput";
        Description = "Conditions on an image's analysis, all of which must hold.";
        Combinable();
        Member<ImageAnalysis, AnalysisStatus>("status", typeof(AnalysisStatusFilterInputType), "By where it stands.", a => a.Status);
        Member<ImageAnalysis, string?>("analyzer", typeof(StringOperationFilterInputType), "By the name and version of the analyzer.", a => a.Analyzer);
        Member<ImageAnalysis, DateTimeOffset?>("analyzedAt", typeof(DateTimeOperationFilterInputType), "By when the present result was made.", a => a.AnalyzedAt);
    }
}
