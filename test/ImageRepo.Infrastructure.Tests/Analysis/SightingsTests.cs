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

    [Fact]
    public void A_sure_face_confirms_one_person_who_is_not_sure_alone()
    {
        var persons = new[] { Seen.Object("person", 0.5f, Left, lead: 0.3f), Seen.Object("person", 0.4f, Left with { Right = 0.3f }, lead: 0.3f) };

        Assert.Empty(Sightings.Of(persons, [Seen.Face(0.79f, FaceInLeft)]).Objects);
        Assert.Equal([0.9f], Sightings.Of(persons, [Seen.Face(0.9f, FaceInLeft)]).Objects.Select(o => o.Confidence));
    }

    [Fact]
    public void A_face_on_an_animal_confirms_nobody()
    {
        var candidates = new[] { Seen.Object("person", 0.5f, Left, lead: 0.3f), Seen.Object("cat", 0.4f, Left, lead: 0.3f) };

        Assert.Empty(Sightings.Of(candidates, [Seen.Face(0.95f, FaceInLeft)]).Objects);
    }

    [Theory]
    [InlineData("cup", 0.44f, false)]
    [InlineData("cup", 0.45f, true)]
    [InlineData("person", 0.44f, false)]
    [InlineData("person", 0.45f, true)]
    [InlineData("cow", 0.59f, false)]
    [InlineData("cow", 0.6f, true)]
    [InlineData("bird", 0.32f, false)]
    [InlineData("bird", 0.33f, true)]
    public void A_name_is_said_when_it_leads_the_next_best_by_enough_for_its_kind(string kind, float lead, bool isSaid) =>
        Assert.Equal(isSaid, Sightings.Of([Seen.Object(kind, 0.9f, lead: lead)], []).Objects.Count == 1);

    [Theory]
    [InlineData(0.94f, 0.45f, true)]
    [InlineData(0.96f, 0.45f, false)]
    [InlineData(0.96f, 0.5f, true)]
    public void What_would_fill_the_whole_picture_must_lead_by_more(float width, float lead, bool isSaid) =>
        Assert.Equal(isSaid, Sightings.Of([Seen.Object("dining table", 0.9f, new Region(0, 0, width, 1), lead)], []).Objects.Count == 1);

    [Theory]
    [InlineData(0.29f, 0.36f, false)]
    [InlineData(0.3f, 0.35f, false)]
    [InlineData(0.3f, 0.36f, true)]
    public void What_a_second_network_sees_too_must_lead_by_less(float second, float lead, bool isSaid) =>
        Assert.Equal(isSaid, Sightings.Of([Seen.Object("cup", 0.4f, lead: lead, second: second)], []).Objects.Count == 1);

    [Theory]
    [InlineData("cat", 0.3f, 0.59f, false)]
    [InlineData("cat", 0.3f, 0.61f, true)]
    [InlineData("cat", 0.91f, 0, false)]
    [InlineData("dog", 0.6f, 0.77f, false)] // so is a rabbit
    [InlineData("person", 0.6f, 0.77f, false)]
    public void What_both_networks_together_are_sure_of_needs_no_lead(string kind, float first, float second, bool isSaid) =>
        Assert.Equal(isSaid, Sightings.Of([Seen.Object(kind, first, lead: 0.1f, second: second)], []).Objects.Count == 1);

    [Theory]
    [InlineData("dog", 0.79f, false)]
    [InlineData("dog", 0.8f, true)]
    public void What_the_second_network_is_sure_of_needs_nobody_else(string kind, float second, bool isSaid) =>
        Assert.Equal(isSaid, Sightings.Of([Seen.Object(kind, 0, lead: 0, second: second)], []).Objects.Count == 1);

    [Fact]
    public void Of_two_names_for_one_place_the_surer_is_said()
    {
        var bear = Seen.Object("bear", 0.7f, Left);

        Assert.Equal(["dog"], Sightings.Of([bear, Seen.Object("dog", 0, Left, lead: 0, second: 0.9f)], []).Objects.Select(o => o.Name));
    }

    [Fact]
    public void What_both_networks_see_is_as_sure_as_the_surer_of_them() =>
        Assert.Equal([0.8f], Sightings.Of([Seen.Object("cat", 0.4f, lead: 0.1f, second: 0.8f)], []).Objects.Select(o => o.Confidence));

    [Fact]
    public void Who_turns_away_counts_beside_those_with_faces()
    {
        var persons = new[] { Seen.Object("person", 0.9f, Left), Seen.Object("person", 0.8f, new Region(0.5f, 0, 0.7f, 1)) };

        Assert.Equal([0.95f, 0.9f, 0.8f], Sightings.Of(persons, [Seen.Face(0.9f, FaceInLeft), Seen.Face(0.95f, FaceFarRight)]).People);
    }
}
