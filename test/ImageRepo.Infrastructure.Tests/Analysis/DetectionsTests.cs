using ImageRepo.Infrastructure.Analysis;

namespace ImageRepo.Infrastructure.Tests.Analysis;

public sealed class DetectionsTests
{
    [Fact]
    public void Of_boxes_around_one_thing_the_surest_stays()
    {
        var kept = Detections.Suppress([Dog(0.7f, 0.02f), Dog(0.9f, 0), Dog(0.8f, 0.5f)], 0.5f);

        Assert.Equal([0.9f, 0.8f], kept.Select(d => d.Confidence));
    }

    [Fact]
    public void Several_looks_are_as_sure_as_they_are_in_the_mean_and_one_that_saw_nothing_counts_as_none()
    {
        var agreed = Detections.Agree(
            [[Dog(0.9f, 0) with { Lead = 0.8f }], [Dog(0.6f, 0.02f) with { Lead = 0.5f }, Dog(0.75f, 0.5f) with { Lead = 0.45f }], [Dog(0.3f, 0) with { Lead = 0.2f }]],
            0.5f);

        Assert.Equal([0.6f, 0.25f], agreed.Select(d => d.Confidence), (a, b) => Math.Abs(a - b) < 0.001f);
        Assert.Equal([0, 0.5f], agreed.Select(d => d.Region.Left));
        Assert.Equal([0.5f, 0.15f], agreed.Select(d => d.Lead), (a, b) => Math.Abs(a - b) < 0.001f);
    }

    [Fact]
    public void What_has_spoken_for_one_thing_does_not_speak_for_its_neighbour()
    {
        // The middle one overlaps both of its neighbours by half and more, and belongs to the surest.
        var agreed = Detections.Agree([[Dog(0.9f, 0)], [Dog(0.8f, 0.1f)], [Dog(0.7f, 0.2f)]], 0.5f);

        Assert.Equal([1.7f / 3, 0.7f / 3], agreed.Select(d => d.Confidence), (a, b) => Math.Abs(a - b) < 0.001f);
    }

    [Fact]
    public void Different_things_may_overlap_until_they_share_one_place()
    {
        var rider = new Detection("person", 0.9f, new Region(0.1f, 0.1f, 0.5f, 0.9f));
        var horse = new Detection("horse", 0.8f, new Region(0.1f, 0.3f, 0.5f, 0.9f));
        var cow = horse with { Name = "cow", Confidence = 0.7f };

        Assert.Equal([rider, horse, cow], Detections.Suppress([cow, horse, rider], 0.5f));
        Assert.Equal([rider, horse], Detections.OneNameAPlace([rider, horse, cow], 0.8f));
    }

    [Fact]
    public void A_second_detector_speaks_for_the_same_name_at_the_same_place_and_for_what_it_is_sure_of()
    {
        Detection sure = Dog(0.9f, 0) with { Name = "cat" }, unsure = Dog(0.89f, 0) with { Name = "cow" };

        var confirmed = Detections.Confirm([Dog(0.5f, 0), Dog(0.4f, 0.5f)], [sure, unsure, Dog(0.8f, 0.01f), Dog(0.7f, 0.02f)], 0.9f);

        Assert.Equal([("dog", 0.5f, 0.8f), ("dog", 0.4f, 0), ("cat", 0, 0.9f)], confirmed.Select(d => (d.Name, d.Confidence, d.Second)));
    }

    [Fact]
    public void A_second_detector_speaks_for_one_thing_alone()
    {
        // A person whose bust was found too, and a box between the two.
        Detection whole = new("person", 0.5f, new Region(0, 0, 0.3f, 1)), bust = whole with { Region = new Region(0, 0, 0.3f, 0.48f) };

        var confirmed = Detections.Confirm([whole, bust], [whole with { Region = new Region(0, 0, 0.3f, 0.7f), Confidence = 0.85f }], 0.8f);

        Assert.Equal([0.85f, 0], confirmed.Select(d => d.Second).OrderDescending());
        Assert.Equal(2, confirmed.Count);
    }

    [Theory]
    [InlineData(0, 0.9f, 2)] // around both
    [InlineData(0.05f, 0.15f, 2)] // within one
    [InlineData(0.3f, 0.6f, 3)] // between them
    public void A_part_or_a_group_of_what_the_first_found_is_no_other_thing(float left, float right, int things)
    {
        Detection one = new("person", 0.5f, new Region(0, 0, 0.35f, 1)), other = one with { Region = new Region(0.55f, 0, 0.9f, 1) };

        Assert.Equal(things, Detections.Confirm([one, other], [one with { Region = new Region(left, 0, right, 1), Confidence = 0.85f }], 0.8f).Count);
    }

    [Fact]
    public void Boxes_are_cut_to_the_picture_and_those_outside_or_without_a_place_are_dropped()
    {
        Detection[] found =
        [
            new("dog", 0.9f, new Region(-0.5f, 0.2f, 0.5f, 1.5f)),
            new("cat", 0.9f, new Region(1.1f, 0, 1.2f, 1)),
            new("cow", 0.9f, new Region(float.NaN, 0, 1, 1)),
            new("car", 0.9f, new Region(float.NegativeInfinity, 0, float.PositiveInfinity, 1)),
            new("bus", 0.9f, new Region(0.5f, 0, 0.2f, 1)),
        ];

        var dog = Assert.Single(found.WithinPicture());
        Assert.Equal(new Region(0, 0.2f, 0.5f, 1), dog.Region);
    }

    [Theory]
    [InlineData(0, 0, 1, 1, 1)]
    [InlineData(0.5f, 0, 1, 1, 0.5f)]
    [InlineData(1, 0, 2, 1, 0)]
    [InlineData(0.5f, 0.5f, 0.5f, 0.5f, 0)]
    public void Overlap_is_intersection_over_union(float left, float top, float right, float bottom, float expected) =>
        Assert.Equal(expected, new Region(0, 0, 1, 1).Overlap(new Region(left, top, right, bottom)), 5);

    private static Detection Dog(float confidence, float left) => new("dog", confidence, new Region(left, 0, left + 0.4f, 0.4f));
}
