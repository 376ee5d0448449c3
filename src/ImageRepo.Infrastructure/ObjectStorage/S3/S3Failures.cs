using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;

namespace ImageRepo.Infrastructure.ObjectStorage.S3;

/// <summary>Tells the failures of an S3 server and of the way to it from those of anything else, and puts them into words.</summary>
internal static class S3Failures
{
    /// <summary>False for the caller's own cancellation; a time-out of the SDK is a cancellation too, but not the caller's.</summary>
    public static bool Is(Exception failure, CancellationToken cancellationToken) => failure switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException => true,
        // .NET lets it out bare when a connection ends in the moment in which it was made.
        SocketException => true,
        _ => false,
    };

    /// <summary>There is no such object; anything else that is missing (a bucket) is a failure.</summary>
    public static bool IsNotFound(Exception? failure) => failure is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound, ErrorCode: "NoSuchKey" or "NotFound" };

    /// <summary>The object was replaced or removed since it was opened.</summary>
    public static bool IsReplaced(Exception? failure) => failure is AmazonS3Exception { StatusCode: HttpStatusCode.PreconditionFailed };

    /// <summary>Answers of a server that is well; they are not worth a line in the log.</summary>
    public static bool IsExpected(Exception failure) => IsNotFound(failure) || IsReplaced(failure) || failure is AmazonS3Exception { ErrorCode: "NoSuchUpload" };

    /// <summary>For the operator: the server's own code, or what the network said. No link, no secret.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        AmazonServiceException { ErrorCode: { Length: > 0 } code } service => $"{code} ({(int)service.StatusCode})",
        _ => failure.GetBaseException().Message,
    };
}
