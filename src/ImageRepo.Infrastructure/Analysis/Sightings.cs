namespace ImageRepo.Infrastructure.Analysis;

/// <summary>What was seen in a picture and can be said of it.</summary>
internal sealed record Sightings
{
    public const string Person = "person";

    private Sightings(IReadOnlyList<Detection> objects, IReadOnlyList<Detection> faces)
    {
        Objects = objects;
        Faces = faces;
        var persons = objects.Where(o => o.Name == Person).ToList();
        // Who stand close together are seen as one person with several faces; who turn away have none.
        var people = faces.Count > persons.Count ? faces : persons;
        People = [.. people.Select(p => p.Confidence).OrderDescending()];
    }

    /// <summary>People among them.</summary>
    public IReadOnlyList<Detection> Objects { get; }

    public IReadOnlyList<Detection> Faces { get; }

    /// <summary>One confidence a human being, the surest first.</summary>
    public IReadOnlyList<float> People { get; }

    /// <param name="faces">Of these only those within a person are believed.</param>
    public static Sightings Of(IReadOnlyList<Detection> objects, IReadOnlyList<Detection> faces) => new(
        objects,
        [.. faces.Where(f => objects.Any(o => o.Name == Person && o.Region.HoldsCentreOf(f.Region)))]);
}
