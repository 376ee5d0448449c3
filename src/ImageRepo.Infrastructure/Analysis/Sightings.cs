namespace ImageRepo.Infrastructure.Analysis;

/// <summary>What was seen in a picture and can be said of it.</summary>
internal sealed record Sightings
{
    public const string Person = "person";

    /// <summary>
    /// Of what one network sees alone. Of the photos to tune with and of those that came later two wrong names led by more, and five by 0.36, but for those that the other bounds are for.
    /// A lead tells more than a confidence: what the detector has no name for is a little like several kinds that it knows.
    /// </summary>
    internal const float SureLead = 0.45f;

    /// <summary>Of what a second network sees too, with at least <see cref="SeenTwice"/>.</summary>
    internal const float SureOfSeenTwice = 0.36f;

    internal const float SeenTwice = 0.3f;

    /// <summary>Of the confidences of both networks together. Wrong names had 0.89 at most, but for those that <see cref="Resembled"/> is for.</summary>
    internal const float SureOfBoth = 0.9f;

    /// <summary>The second network's alone. It was as sure of a rabbit being a dog as 0.77, and of no other wrong name by more than 0.65.</summary>
    internal const float SureSecond = 0.8f;

    /// <summary>A bison led as a cow by 0.52, a horse by 0.33: the kinds of animals that graze have the most relatives without a name. A sheep led by 0.63.</summary>
    internal const float SureGrazer = 0.6f;

    /// <summary>All birds are birds: what else was called one led by 0.28 at most, an owl by 0.36.</summary>
    internal const float SureBird = 0.33f;

    /// <summary>What is said to fill the whole picture has no edges to be known by: cups were a table by 0.45.</summary>
    internal const float SureWhole = 0.5f;

    private const float Whole = 0.95f;
    private const float SamePlace = 0.8f;

    /// <summary>Faces in photos of groups had 0.81 to 0.96, a cat's had 0.76.</summary>
    internal const float SureFace = 0.8f;

    /// <summary>What a rabbit, a bison or a brush is to both networks, who learned no name for these.</summary>
    private static readonly HashSet<string> Resembled = ["dog", "cow", Person];

    private static readonly HashSet<string> Grazers = ["horse", "sheep", "cow", "elephant"];
    private static readonly HashSet<string> FacedAnimals = ["bird", "cat", "dog", "bear", .. Grazers];

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
        var sure = Confirmed(candidates, faces).Where(d => LeadsEnough(d) || IsSeenWell(d)).Select(Surer).OrderByDescending(o => o.Confidence);
        var objects = Detections.OneNameAPlace(sure, SamePlace);
        var people = objects.Where(o => o.Name == Person).ToList();
        var things = objects.Where(o => o.Name != Person).ToList();
        return new Sightings(objects, [.. faces.Where(face =>
            people.Any(p => p.Region.HoldsCentreOf(face.Region))
            || (people.Count > 0 && face.Confidence >= SureFace && !things.Any(t => t.Region.HoldsCentreOf(face.Region))))]);
    }

    private static bool LeadsEnough(Detection seen)
    {
        var bound = seen.Name switch
        {
            "bird" => SureBird,
            var name when Grazers.Contains(name) => SureGrazer,
            _ => seen.Second >= SeenTwice ? SureOfSeenTwice : SureLead,
        };
        return seen.Lead >= (seen.Region.Area > Whole ? Math.Max(bound, SureWhole) : bound);
    }

    private static bool IsSeenWell(Detection seen) => seen.Second >= SureSecond
        || (seen.Second > 0 && !Resembled.Contains(seen.Name) && seen.Confidence + seen.Second >= SureOfBoth);

    private static Detection Surer(Detection seen) => seen with { Confidence = Math.Max(seen.Confidence, seen.Second) };

    /// <summary>Two networks that err for different reasons rarely err at one place: who has a sure face, and on no animal, is as sure as the face.</summary>
    private static List<Detection> Confirmed(IReadOnlyList<Detection> candidates, IReadOnlyList<Detection> faces)
    {
        var confirmed = candidates.ToList();
        foreach (var face in faces.Where(f => f.Confidence >= SureFace && !candidates.Any(c => FacedAnimals.Contains(c.Name) && c.Region.HoldsCentreOf(f.Region))))
        {
            var person = confirmed.FindIndex(c => c.Name == Person && c.Region.HoldsCentreOf(face.Region));
            if (person >= 0)
            {
                var seen = confirmed[person];
                confirmed[person] = seen with { Confidence = Math.Max(seen.Confidence, face.Confidence), Lead = Math.Max(seen.Lead, face.Confidence) };
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
