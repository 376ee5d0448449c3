using GraphQL.Types;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Scalars;

namespace ImageRepo.GraphQL.Images;

internal sealed class ImageDescriptionType : ObjectGraphType<ImageDescription>
{
    public ImageDescriptionType()
    {
        Name = "ImageDescription";
        Description = "What a picture shows, in words.";
        Field("text", d => d.Text).Description("The words.");
        Field<NonNullGraphType<ContentSourceType>>("source").Description("Whose words they are.").Resolve(d => d.Source.Source);
        Field<FloatGraphType>("confidence").Description("How sure the analyzer is, 0 to 1; null for the owner's words.").Resolve(d => Fraction.Of(d.Source.Confidence));
    }
}

internal sealed class DetectedObjectType : ObjectGraphType<DetectedObject>
{
    public DetectedObjectType()
    {
        Name = "DetectedObject";
        Description = "Something that was recognised in a picture.";
        Field("name", o => o.Name).Description("What it is.");
        Field<NonNullGraphType<FloatGraphType>>("confidence").Description("How sure the analyzer is, 0 to 1.").Resolve(o => Fraction.Of(o.Source.Confidence));
        Field<NonNullGraphType<BoxType>>("box").Description("Where it is.").Resolve(o => o.Source.Box);
    }
}

internal sealed class TextLineType : ObjectGraphType<TextLine>
{
    public TextLineType()
    {
        Name = "TextLine";
        Description = "A line of text that was read in a picture.";
        Field("text", l => l.Text).Description("What it says.");
        Field<NonNullGraphType<FloatGraphType>>("confidence").Description("How sure the analyzer is, 0 to 1.").Resolve(l => Fraction.Of(l.Source.Confidence));
        Field<NonNullGraphType<BoxType>>("box").Description("Where it is: the upright rectangle around it.").Resolve(l => l.Source.Box);
    }
}

internal sealed class BoxType : ObjectGraphType<Box>
{
    public BoxType()
    {
        Name = "Box";
        Description = "A place in a picture as fractions of its width and height, 0 to 1.";
        Field<NonNullGraphType<FloatGraphType>>("x").Description("The left edge.").Resolve(b => Fraction.Of(b.Source.X));
        Field<NonNullGraphType<FloatGraphType>>("y").Description("The upper edge.").Resolve(b => Fraction.Of(b.Source.Y));
        Field<NonNullGraphType<FloatGraphType>>("width").Description("The width.").Resolve(b => Fraction.Of(b.Source.Width));
        Field<NonNullGraphType<FloatGraphType>>("height").Description("The height.").Resolve(b => Fraction.Of(b.Source.Height));
    }
}

internal sealed class ImageAnalysisType : ObjectGraphType<ImageAnalysis>
{
    public ImageAnalysisType()
    {
        Name = "ImageAnalysis";
        Description = "Where an image's analysis stands.";
        Field<NonNullGraphType<AnalysisStatusType>>("status").Description("Where it stands.").Resolve(a => a.Source.Status);
        Field("analyzer", a => a.Analyzer, nullable: true).Description("Name and version of the analyzer that made the present result.");
        Field<DateTimeScalar>("analyzedAt").Description("When the present result was made.").Resolve(a => a.Source.AnalyzedAt);
        Field("modelVersion", a => a.ModelVersion, nullable: true).Description("Version of the models that a service used for the present result; null where `analyzer` says it all.");
        Field<IntGraphType>("durationMs").Description("Milliseconds that the present result took; null where nobody measured.").Resolve(a => (int?)a.Source.Duration?.TotalMilliseconds);
        Field("attempts", a => a.Attempts).Description("Attempts since it was last asked for.");
        Field("failure", a => a.Failure, nullable: true).Description("Why the last attempt failed.");
    }
}
