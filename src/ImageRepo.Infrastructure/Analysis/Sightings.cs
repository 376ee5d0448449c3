namespace ImageRepo.Infrastructure.Analysis;

/// <summary>What was seen in a picture and can be said of it.</summary>
internal sealed record Sightings
{
    public const string Person = "person";

    /// <summary>Of the photos to tune with, what was surest and wrong had 0.57, the least sure of what is kept 0.61.</summary>
    internal const float SureThing = 0.6f;

    /// <summary>
    /// The detector knows ten kinds of animals, and gives any other the name of the one most like it; its own it takes for one another too.
    /// What was surest and wrong had 0.62, the least sure of what is kept 0.75. The coats of zebras and giraffes are like no other.
    /// </summary>
    internal const float SurePlainAnimal = 0.68f;

    /// <summary>Faces in photos of groups had 0.81 to 0.96, a cat's had 0.76.</summary>
    internal const float SureFace = 0.8f;

    private static readonly HashSet<string> PlainAnimals = ["bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear"];

    private Sightings(IReadOnlyList<Detection> objects, IReadOnlyList<Detection> faces)
    {
        Objects = objects;
        Faces = faces;
        People = Count(objects.Where(o => o.Name == Person), faces);
    }

    /// <summary>People among them.</summary>
    public IReadOnlyList<Detection> Objects { get; }

    public IReadOnlyList<Detection> Faces { get; }

    /// <summary>One confidence a human being, the surest first.</summary>
    public IReadOnlyList<float> People { get; }

    /// <param name="candidates">Also what is not sure enough to be said: a person among them is where a sure face confirms it.</param>
    /// <param name="faces">
    /// Of these only those are believed that lie within a person, or, where there is a person at all, that are sure and on no other thing:
    /// the detector of faces fires on cats and cups, and the one of objects misses people in groups.
    /// </param>
    public static Sightings Of(IReadOnlyList<Detection> candidates, IReadOnlyList<Detection> faces)
    {
        List<Detection> objects = [.. Confirmed(candidates, faces).Where(IsSure).OrderByDescending(o => o.Confidence)];
        var people = objects.Where(o => o.Name == Person).ToList();
        var things = objects.Where(o => o.Name != Person).ToList();
        return new Sightings(objects, [.. faces.Where(face =>
            people.Any(p => p.Region.HoldsCentreOf(face.Region))
            || (people.Count > 0 && face.Confidence >= SureFace && !things.Any(t => t.Region.HoldsCentreOf(face.Region))))]);
    }

    private static bool IsSure(Detection seen) => seen.Confidence >= (PlainAnimals.Contains(seen.Name) ? SurePlainAnimal : SureThing);

    /// <summary>Two networks that err for different reasons rarely err at one place: who has a sure face, and on no animal, is as sure as the face.</summary>
    private static List<Detection> Confirmed(IReadOnlyList<Detection> candidates, IReadOnlyList<Detection> faces)
    {
        var confirmed = candidates.ToList();
        foreach (var face in faces.Where(f => f.Confidence >= SureFace && !candidates.Any(c => PlainAnimals.Contains(c.Name) && c.Region.HoldsCentreOf(f.Region))))
        {
            var person = confirmed.FindIndex(c => c.Name == Person && c.Region.HoldsCentreOf(face.Region));
            if (person >= 0)
            {
                confirmed[person] = confirmed[person] with { Confidence = Math.Max(confirmed[person].Confidence, face.Confidence) };
            }
        }
        return confirmed;
    }

    /// <summary>Each face is somebody, and so is each person whom no face is found for. Who stand close together are seen as one person with several faces.</summary>
    private static List<float> Count(IEnumerable<Detection> persons, IReadOnlyList<Detection> faces)
    {
        // A face belongs to the narrowest place around it, so that the wider ones are left for others.
        var without = persons.OrderBy(p => p.Region.Area).ToList();
        var people = new List<float>();
        foreach (var face in faces)
        {
            var owner = without.FindIndex(p => p.Region.HoldsCentreOf(face.Region));
            people.Add(owner < 0 ? face.Confidence : Math.Max(face.Confidence, without[owner].Confidence));
            if (owner >= 0)
            {
                without.RemoveAt(owner);
            }
        }
        return [.. people.Concat(without.Select(p => p.Confidence)).OrderDescending()];
    }
}
