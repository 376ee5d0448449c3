using System.Net.Sockets;
using Amazon.Runtime;
using ImageRepo.Infrastructure.ObjectStorage.S3;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

public sealed class S3FailuresTests
{
    public static TheoryData<Exception> OfTheWay => [new SocketException(107), new HttpRequestException("refused"), new IOException("reset"), new TimeoutException(), new AmazonServiceException("503"), new TaskCanceledException("the SDK's own time limit")];

    [Theory]
    [MemberData(nameof(OfTheWay), DisableDiscoveryEnumeration = true)]
    public void A_store_that_can_not_be_reached_is_told_from_a_fault_of_the_program(Exception failure)
    {
        Assert.True(S3Failures.Is(failure, CancellationToken.None));
        Assert.False(S3Failures.Is(new InvalidOperationException("a fault", failure), CancellationToken.None));
    }

    [Fact]
    public void Whoever_gives_up_waiting_is_no_failure() =>
        Assert.False(S3Failures.Is(new OperationCanceledException(), new CancellationToken(canceled: true)));
}
