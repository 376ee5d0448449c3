using ImageRepo.Domain.Accounts;

namespace ImageRepo.Domain.Tests.Accounts;

public sealed class UsageTests
{
    [Theory]
    [InlineData(4, 5, 0, null, 1, true)]
    [InlineData(5, 5, 0, null, 1, false)]
    [InlineData(0, null, 90, 100L, 10, true)]
    [InlineData(0, null, 90, 100L, 11, false)]
    [InlineData(int.MaxValue, null, long.MaxValue / 2, null, 1, true)]
    public void There_is_room_up_to_the_limits(int images, int? imageLimit, long bytes, long? byteLimit, long next, bool expected) =>
        Assert.Equal(expected, new Usage(images, imageLimit, bytes, byteLimit).HasRoomFor(next));

    [Fact]
    public void A_full_library_says_which_limit_it_met()
    {
        Assert.Contains("5 of 5 images", new QuotaExceededException(new Usage(5, 5, 0, null)).Message);
        Assert.Contains("90 of 100 bytes", new QuotaExceededException(new Usage(1, null, 90, 100)).Message);
    }
}
