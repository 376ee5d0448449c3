namespace ImageRepo.Domain.Images;

/// <summary>What the owner wants changed. A field that is not set stays untouched, null clears.</summary>
public sealed record ImageEdit
{
    public Change<string?> FileName { get; init; }
    public Change<string?> AltText { get; init; }
    public Change<string?> Description { get; init; }
    public Change<DateTimeOffset?> TakenAt { get; init; }
    public Change<bool> IsFavorite { get; init; }
}

/// <summary>A new value, or none: tells "set to null" from "not mentioned".</summary>
public readonly record struct Change<T>
{
    private Change(T value) => (Value, IsSet) = (value, true);

    public bool IsSet { get; }
    public T Value { get; }

    public static implicit operator Change<T>(T value) => new(value);
}
