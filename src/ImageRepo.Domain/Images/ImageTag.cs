namespace ImageRepo.Domain.Images;

/// <summary>Who said it: the owner's word stands above the analyzer's.</summary>
public enum ContentSource
{
    Owner,
    Analyzer,
}

/// <param name="Confidence">0 to 1 from an analyzer; null from the owner.</param>
public sealed record ImageTag(TagName Name, ContentSource Source, float? Confidence);
