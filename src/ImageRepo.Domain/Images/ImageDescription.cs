namespace ImageRepo.Domain.Images;

/// <param name="Confidence">0 to 1 where an analyzer gives one; null from the owner.</param>
public sealed record ImageDescription(string Text, ContentSource Source, float? Confidence);
