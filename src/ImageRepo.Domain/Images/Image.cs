using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Storage;

namespace ImageRepo.Domain.Images;

/// <summary>
/// An image and its life: uploaded, analysing, analysed or failed, edited, trashed, restored, purged.
/// What the owner says and what the analyzer says are kept apart, so that neither is lost to the other.
/// Every method checks before it changes anything.
/// </summary>
public sealed class Image
{
    private Image()
    {
    }

    public ImageId Id { get; private set; }
    public OwnerId OwnerId { get; private set; }
    public string FileName { get; private set; } = "";
    public ImageFormat Format { get; private set; }
    public long ByteSize { get; private set; }
    public ContentHash ContentHash { get; private set; }

    /// <summary>Of the file without its metadata segments: equal for the same picture with another title, place or rating. Null for formats other than JPEG and PNG.</summary>
    public ContentHash? PictureHash { get; private set; }

    public int Width { get; private set; }
    public int Height { get; private set; }
    public int Frames { get; private set; }
    public bool HasAlpha { get; private set; }
    public ImageOrientation Orientation { get; private set; }
    public IReadOnlyList<ImageColor> Colors { get; private set; } = [];
    public IReadOnlyList<NamedColor> DominantColors { get; private set; } = [];
    public HexColor? AccentColor { get; private set; }
    public bool IsBlackAndWhite { get; private set; }
    public byte[] ThumbHash { get; private set; } = [];
    public long PerceptualHash { get; private set; }
    public Exif? Exif { get; private set; }
    public IReadOnlyList<Rendition> Renditions { get; private set; } = [];

    public string? OwnerAltText { get; private set; }
    public string? OwnerDescription { get; private set; }
    public string? AnalyzerDescription { get; private set; }
    public float? AnalyzerDescriptionConfidence { get; private set; }
    public IReadOnlyList<ImageTag> Tags { get; private set; } = [];

    /// <summary>Machine tags that the owner removed; they don't come back with the next analysis.</summary>
    public IReadOnlyList<TagName> RejectedTags { get; private set; } = [];
    public IReadOnlyList<DetectedObject> Objects { get; private set; } = [];

    /// <summary>What is written in the picture, in reading order.</summary>
    public IReadOnlyList<TextLine> Text { get; private set; } = [];

    /// <summary>The same in one, line by line, under whose words the image is found; at most <see cref="TextLines.MaxLength"/> characters.</summary>
    public string? RecognizedText { get; private set; }
    public ImageAnalysis Analysis { get; private set; } = ImageAnalysis.Pending;

    public bool IsFavorite { get; private set; }
    public DateTimeOffset? TakenAt { get; private set; }
    public DateTimeOffset UploadedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public DateTimeOffset? DeletedAt { get; private set; }

    public bool IsTrashed => DeletedAt is not null;

    /// <summary>The owner's words, else the analyzer's.</summary>
    public ImageDescription? Description =>
        OwnerDescription is { } own ? new ImageDescription(own, ContentSource.Owner, null)
        : AnalyzerDescription is { } said ? new ImageDescription(said, ContentSource.Analyzer, AnalyzerDescriptionConfidence)
        : null;

    /// <summary>What a screen reader should say: the owner's text, else the description.</summary>
    public string? AltText => OwnerAltText ?? Description?.Text;

    public ObjectKey OriginalKey => ObjectKey.Original(OwnerId, Id);

    /// <exception cref="TooManyTagsException">More tags than <see cref="ImageLimits.TagsPerImage"/>.</exception>
    public static Image Upload(StagedUpload upload, Picture picture, UploadDetails details, ImageLimits limits, DateTimeOffset now)
    {
        if (details.Tags.Count > limits.TagsPerImage)
        {
            throw new TooManyTagsException(upload.ImageId, limits.TagsPerImage);
        }
        return new Image
        {
            Id = upload.ImageId,
            OwnerId = upload.OwnerId,
            FileName = upload.FileName,
            Format = picture.Format,
            ByteSize = upload.ByteSize,
            ContentHash = upload.ContentHash,
            PictureHash = upload.PictureHash,
            Width = picture.Width,
            Height = picture.Height,
            Frames = picture.Frames,
            HasAlpha = picture.HasAlpha,
            Orientation = OrientationOf(picture.Width, picture.Height),
            Colors = picture.Colors,
            DominantColors = picture.DominantColors,
            AccentColor = picture.AccentColor,
            IsBlackAndWhite = picture.IsBlackAndWhite,
            ThumbHash = picture.ThumbHash,
            PerceptualHash = picture.PerceptualHash,
            Exif = picture.Exif,
            Renditions = [.. picture.Renditions.Select(r => new Rendition(r.Size, r.Width, r.Height, r.Format))],
            OwnerAltText = details.AltText,
            OwnerDescription = details.Description,
            Tags = [.. details.Tags.Select(t => new ImageTag(t, ContentSource.Owner, null))],
            // UTC, as the database keeps it; the camera's own offset stays in Exif.
            TakenAt = picture.Exif?.TakenAt?.ToUniversalTime(),
            UploadedAt = now,
            UpdatedAt = now,
        };
    }

    /// <summary>A picture within 5 % of square counts as square.</summary>
    public static ImageOrientation OrientationOf(int width, int height) =>
        width > height * 1.05 ? ImageOrientation.Landscape
        : height > width * 1.05 ? ImageOrientation.Portrait
        : ImageOrientation.Square;

    /// <summary>The largest of those that are stored since the upload.</summary>
    public Rendition LargestRendition => Renditions.MaxBy(r => r.Size) ?? throw new IllegalImageTransitionException(Id, "it has no rendition.");

    /// <summary>The largest that is no larger than asked for, or the smallest there is where none is. Without bounds the largest stored size, so that nobody waits who asked for nothing in particular.</summary>
    public OfferedRendition Offer(RenditionRequest asked)
    {
        var (width, height) = asked.Crop?.Within(Width, Height) ?? (Width, Height);
        var offers = RenditionPlan.SizesFor(Math.Max(width, height)).Where(size => !asked.IsUnbounded || size <= LargestRendition.Size).Select(size => Offer(size, asked)).ToList();
        return offers.FindLast(o => asked.HasRoomFor(o.Width, o.Height)) ?? offers[0];
    }

    private OfferedRendition Offer(int size, RenditionRequest asked)
    {
        var format = asked.Format ?? (size < LargestRendition.Size ? ImageFormat.WebP : LargestRendition.Format);
        var plan = new RenditionPlan(size, asked.Crop, format);
        var cut = plan.CutOf(Width, Height);
        // What is whole in a stored size is not kept a second time under another one.
        var stored = asked.Crop is not null ? null : Renditions.FirstOrDefault(r =>
            r.Format == (asked.Format ?? r.Format) && (r.Size == size || (r.Width, r.Height) == (cut.Width, cut.Height)));
        return stored is not null
            ? new OfferedRendition(KeyOf(stored), stored.Width, stored.Height, IsOnDemand: false)
            : new OfferedRendition(ObjectKey.Rendition(OwnerId, Id, plan), cut.Width, cut.Height, IsOnDemand: true);
    }

    public ObjectKey KeyOf(Rendition rendition) => ObjectKey.Rendition(OwnerId, Id, rendition.Size);

    // ---- the analysis

    /// <summary>Asks for another analysis; what the last one found stays until the next has. False when one is under way or waits already.</summary>
    public bool RequestAnalysis()
    {
        if (Analysis.Status is AnalysisStatus.Pending or AnalysisStatus.Running)
        {
            return false;
        }
        Analysis = Analysis with { Status = AnalysisStatus.Pending, Attempts = 0, Failure = null };
        return true;
    }

    /// <summary>Counts the attempt before the work starts, so that a picture that kills its worker runs out of attempts.</summary>
    public void StartAnalysis() =>
        Analysis = Analysis with { Status = AnalysisStatus.Running, Attempts = Analysis.Attempts + 1 };

    /// <summary>Takes over what the analyzer found; the owner's own words and tags, and what the owner rejected, stay as they are.</summary>
    public void CompleteAnalysis(AnalysisResult result, ImageLimits limits, DateTimeOffset now)
    {
        RequireRunning();
        AnalyzerDescription = result.Description;
        AnalyzerDescriptionConfidence = result.DescriptionConfidence;
        Objects = result.Objects;
        if (result.Text is { } text)
        {
            Text = TextLines.Storable(text);
            RecognizedText = Text.Count > 0 ? string.Join('\n', Text.Select(line => line.Text)) : null;
        }
        var owned = Tags.Where(t => t.Source == ContentSource.Owner).ToList();
        var found = result.Tags
            .Where(t => !RejectedTags.Contains(t.Name) && owned.All(o => o.Name != t.Name))
            .DistinctBy(t => t.Name)
            .Select(t => new ImageTag(t.Name, ContentSource.Analyzer, t.Confidence));
        Tags = [.. owned, .. SurestWithin(limits.TagsPerImage - owned.Count, found)];
        Analysis = Analysis with { Status = AnalysisStatus.Completed, Analyzer = result.Analyzer, AnalyzedAt = now, Failure = null, ModelVersion = result.ModelVersion, Duration = result.Duration };
        UpdatedAt = now;
    }

    /// <summary>The attempt failed and another will follow.</summary>
    public void PostponeAnalysis(string reason)
    {
        RequireRunning();
        Analysis = Analysis with { Status = AnalysisStatus.Pending, Failure = reason };
    }

    /// <summary>The attempt could not be made, for no fault of the picture's: it does not count, and another will follow.</summary>
    public void DeferAnalysis(string reason)
    {
        PostponeAnalysis(reason);
        Analysis = Analysis with { Attempts = Analysis.Attempts - 1 };
    }

    /// <summary>No further attempt will be made; what an earlier analysis found stays.</summary>
    public void FailAnalysis(string reason, DateTimeOffset now)
    {
        Analysis = Analysis with { Status = AnalysisStatus.Failed, Failure = reason };
        UpdatedAt = now;
    }

    private void RequireRunning()
    {
        if (Analysis.Status != AnalysisStatus.Running)
        {
            throw new IllegalImageTransitionException(Id, $"its analysis is {Analysis.Status}, not running.");
        }
    }

    // ---- the owner's words

    /// <exception cref="InvalidTextException">A text is too long or holds what can't be stored.</exception>
    public void Edit(ImageEdit edit, DateTimeOffset now)
    {
        var fileName = edit.FileName.IsSet ? ImageFileName.Parse(edit.FileName.Value) : FileName;
        var altText = edit.AltText.IsSet ? PlainText.Clean(edit.AltText.Value, "altText", PlainText.AltTextMaxLength) : OwnerAltText;
        var description = edit.Description.IsSet
            ? PlainText.Clean(edit.Description.Value, "description", PlainText.DescriptionMaxLength) : OwnerDescription;
        FileName = fileName;
        OwnerAltText = altText;
        OwnerDescription = description;
        TakenAt = edit.TakenAt.IsSet ? (edit.TakenAt.Value ?? Exif?.TakenAt)?.ToUniversalTime() : TakenAt;
        IsFavorite = edit.IsFavorite.IsSet ? edit.IsFavorite.Value : IsFavorite;
        UpdatedAt = now;
    }

    /// <summary>Removes, then adds. A machine tag that is removed is remembered as rejected; a tag that is added is the owner's from now on.</summary>
    /// <exception cref="TooManyTagsException">More tags than <see cref="ImageLimits.TagsPerImage"/> would be left.</exception>
    public void Retag(IReadOnlyCollection<TagName> add, IReadOnlyCollection<TagName> remove, ImageLimits limits, DateTimeOffset now)
    {
        var kept = Tags.Where(t => !remove.Contains(t.Name) && !add.Contains(t.Name)).ToList();
        var retagged = Tags.Where(t => add.Contains(t.Name)).Select(t => new ImageTag(t.Name, ContentSource.Owner, null)).ToList();
        var added = add.Distinct().Where(a => retagged.All(t => t.Name != a)).Select(a => new ImageTag(a, ContentSource.Owner, null));
        List<ImageTag> owned = [.. kept.Where(t => t.Source == ContentSource.Owner), .. retagged, .. added];
        if (owned.Count > limits.TagsPerImage && owned.Count > Tags.Count(t => t.Source == ContentSource.Owner))
        {
            throw new TooManyTagsException(Id, limits.TagsPerImage);
        }
        // What is left of the limit is the analyzer's.
        var surest = SurestWithin(limits.TagsPerImage - owned.Count, kept.Where(t => t.Source == ContentSource.Analyzer));
        var rejected = Tags.Where(t => t.Source == ContentSource.Analyzer && remove.Contains(t.Name) && !add.Contains(t.Name)).Select(t => t.Name);
        RejectedTags = [.. RejectedTags.Where(t => !add.Contains(t)).Union(rejected)];
        Tags = [.. owned, .. surest];
        UpdatedAt = now;
    }

    /// <summary>The surest machine tags for which there is room, in the analyzer's order: it puts what it recognised before what it measured.</summary>
    private static IEnumerable<ImageTag> SurestWithin(int room, IEnumerable<ImageTag> tags)
    {
        List<ImageTag> all = [.. tags];
        var surest = all.OrderByDescending(t => t.Confidence).Take(Math.Max(0, room)).ToHashSet();
        return all.Where(surest.Contains);
    }

    // ---- the trash

    /// <summary>Fine when it lies there already.</summary>
    public void Trash(DateTimeOffset now)
    {
        DeletedAt ??= now;
        UpdatedAt = now;
    }

    /// <summary>Fine when it is not in the trash.</summary>
    public void Restore(DateTimeOffset now)
    {
        DeletedAt = null;
        UpdatedAt = now;
    }
}
