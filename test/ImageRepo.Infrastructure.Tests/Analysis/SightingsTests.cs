using ImageRepo.Infrastructure.Analysis;

namespace ImageRepo.Infrastructure.Tests.Analysis;

public sealed class SightingsTests
{
    private static readonly Region Left = new(0, 0, 0.4f, 1);
    private static readonly Region FaceInLeft = new(0.1f, 0.1f, 0.2f, 0.2f);
    private static readonly Region FaceFarRight = new(0.8f, 0.1f, 0.9f, 0.2f);

    [Fact]
    public void A_face_where_there_is_no_person_is_not_believed()
    {
        var seen = Sightings.Of([Seen.Object("cat", region: Left)], [Seen.Face(0.99f, FaceInLeft), Seen.Face(0.99f, FaceFarRight)]);

        Assert.Empty(seen.Faces);
        Assert.Empty(seen.People);
    }

    [Fact]
    public void Beside_a_person_only_a_sure_face_is_another_person()
    {
        var person = Seen.Object("person", 0.7f, Left);

        var unsure = Sightings.Of([person], [Seen.Face(0.79f, FaceFarRight)]);
        var sure = Sightings.Of([person], [Seen.Face(0.75f, FaceInLeft), Seen.Face(0.9f, FaceFarRight)]);

        Assert.Equal([0.7f], unsure.People);
        Assert.Equal([0.9f, 0.75f], sure.People);
    }

    [Fact]
    public void A_face_on_an_animal_beside_a_person_is_not_believed()
    {
        var cat = Seen.Object("cat", region: new Region(0.7f, 0, 1, 1));

        Assert.Empty(Sightings.Of([Seen.Object("person", region: Left), cat], [Seen.Face(0.95f, FaceFarRight)]).Faces);
    }

    [Fact]
    public void Who_turns_away_counts_without_a_face() =>
        Assert.Equal(3, Seen.Objects(("person", 3)).People.Count);
}
