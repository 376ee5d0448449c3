namespace ImageRepo.Infrastructure.Analysis;

/// <summary>What was seen in a picture and can be said of it.</summary>
internal sealed record Sightings
{
    public const string Person = "person";

    /// <summary>Faces in photos of groups had 0.81 to 0.96, a cat's had 0.76.</summary>
    internal const float SureFace = 0.8f;

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

    /// <param name="faces">
    /// Of these only those are believed that lie within a person, or, where there is a person at all, that are sure and on no other thing:
    /// the detector of faces fires on cats and cups, and the one of objects misses people in groups.
    /// </param>
    public static Sightings Of(IReadOnlyList<Detection> objects, IReadOnlyList<Detection> faces)
    {
        var people = objects.Where(o => o.Name == Person).ToList();
        var things = objects.Where(o => o.Name != Person).ToList();
        return new Sightings(objects, [.. faces.Where(face =>
            people.Any(p => p.Region.HoldsCentreOf(face.Region))
            || (people.Count > 0 && face.Confidence >= SureFace && !things.Any(t => t.Region.HoldsCentreOf(face.Region))))]);
    }
}
