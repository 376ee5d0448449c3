using ImageRepo.GraphQL.Scalars;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Scalars;

public sealed class DateTimeScalarTests
{
    private readonly DateTimeScalar _scalar = new();

    [Contract("S15")]
    [Theory]
    [InlineData("2024-05-17T09:30:00Z", "2024-05-17T09:30:00Z")]
    [InlineData("2024-05-17t09:30:00.5z", "2024-05-17T09:30:00.5Z")]
    [InlineData("2024-05-17T11:30:00+02:00", "2024-05-17T09:30:00Z")]
    [InlineData("2024-05-17T09:30:00.1234567Z", "2024-05-17T09:30:00.123456Z")]
    public void A_moment_is_read_with_its_offset_and_written_as_utc(string text, string written) =>
        Assert.Equal(written, _scalar.Serialize(_scalar.ParseValue(text)));

    [Contract("S15")]
    [Fact]
    public void Another_offset_is_written_as_it_is() =>
        Assert.Equal("2024-05-17T11:30:00+02:00", _scalar.Serialize(new DateTimeOffset(2024, 5, 17, 11, 30, 0, TimeSpan.FromHours(2))));

    [Contract("S15")]
    [Theory]
    [InlineData("2024-05-17T09:30:00")]
    [InlineData("2024-05-17")]
    [InlineData("2024-13-17T09:30:00Z")]
    [InlineData("2024-02-30T09:30:00Z")]
    [InlineData("2024-05-17T25:30:00Z")]
    [InlineData("2024-05-17T09:30:00Z\n")]
    [InlineData("٢٠٢٤-05-17T09:30:00Z")]
    [InlineData("")]
    [InlineData(1715938200)]
    public void What_is_no_moment_is_not_read(object value) => Assert.ThrowsAny<Exception>(() => _scalar.ParseValue(value));
}
