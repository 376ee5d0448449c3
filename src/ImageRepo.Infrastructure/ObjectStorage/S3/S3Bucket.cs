using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using Amazon.S3.Model;
using ImageRepo.Domain.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.ObjectStorage.S3;

/// <summary>The bucket and how it is spoken to: address, credentials, encryption, time limits.</summary>
internal sealed class S3Bucket : IDisposable
{
    private const int Retries = 3;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    // For a request with its answer's head; a part of an upload on a slow line is the longest.
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);

    private readonly S3Options _options;
    private readonly AWSCredentials? _credentials;
    private readonly ILogger<S3Bucket> _logger;
    private readonly AmazonS3Client _client;
    private readonly AmazonS3Client _forBrowsers;

    /// <param name="credentials">Those that the AWS SDK finds, unless given.</param>
    /// <param name="http">How connections are made; tests listen in.</param>
    public S3Bucket(IOptions<S3Options> options, ILogger<S3Bucket> logger, AWSCredentials? credentials = null, HttpClientFactory? http = null)
    {
        (_options, _logger, _credentials) = (options.Value, logger, credentials);
        _client = Connect(_options.ServiceUrl, http);
        _forBrowsers = Connect(_options.BrowserUrl, http);
        Address = AddressOf(_client);
        BrowserAddress = AddressOf(_forBrowsers);
    }

    public string Name => _options.Bucket;

    /// <summary>Of the bucket, as this product reaches it.</summary>
    public Uri Address { get; }

    /// <summary>Of the bucket, as browsers reach it.</summary>
    public Uri BrowserAddress { get; }

    /// <summary>For requests whose failures the caller explains itself.</summary>
    public IAmazonS3 Client => _client;

    /// <summary>When the credentials in use end; null for those that don't.</summary>
    public DateTimeOffset? CredentialsEnd()
    {
        var credentials = _credentials ?? DefaultAWSCredentialsIdentityResolver.GetCredentials(_client.Config);
        credentials.GetCredentials(); // renews those that are about to end
        return credentials.Expiration is { } end && end < DateTime.MaxValue.AddDays(-1) ? new DateTimeOffset(end.ToUniversalTime(), TimeSpan.Zero) : null;
    }

    /// <exception cref="StorageUnavailableException">The server did not answer, or not as it should.</exception>
    public async Task<T> AskAsync<T>(Func<IAmazonS3, Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await request(_client);
        }
        catch (Exception failure) when (S3Failures.Is(failure, cancellationToken))
        {
            if (!S3Failures.IsExpected(failure))
            {
                _logger.LogError(failure, "The S3 server at {Address} failed: {Problem}", Address, S3Failures.Describe(failure));
            }
            throw new StorageUnavailableException(failure);
        }
    }

    /// <summary>Signs a link for a browser.</summary>
    /// <exception cref="StorageUnavailableException">There are no credentials to sign with.</exception>
    public Uri Sign(GetPreSignedUrlRequest request)
    {
        request.BucketName = Name;
        request.Protocol = BrowserAddress.Scheme == Uri.UriSchemeHttp ? Protocol.HTTP : Protocol.HTTPS;
        try
        {
            return new Uri(_forBrowsers.GetPreSignedURL(request));
        }
        catch (Exception failure) when (S3Failures.Is(failure, CancellationToken.None))
        {
            _logger.LogError(failure, "A link to the S3 server could not be signed: {Problem}", S3Failures.Describe(failure));
            throw new StorageUnavailableException(failure);
        }
    }

    /// <summary>Sets what has the server encrypt; it belongs on the request that makes an object, and no other takes it.</summary>
    public (ServerSideEncryptionMethod Method, string? KmsKeyId) Encryption =>
        _options.UsesKms ? (ServerSideEncryptionMethod.AWSKMS, _options.KmsKeyId is { Length: > 0 } key ? key : null) : (ServerSideEncryptionMethod.AES256, null);

    public void Dispose()
    {
        _client.Dispose();
        _forBrowsers.Dispose();
    }

    private AmazonS3Client Connect(string serviceUrl, HttpClientFactory? http)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = _options.HasPathStyle,
            // Other servers than AWS stumble over the checksums that the SDK adds by itself; the signature covers the bytes all the same.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ConnectTimeout = ConnectTimeout,
            Timeout = RequestTimeout,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = Retries,
            // A wrong clock is told at the start: links that browsers are given can't be corrected afterwards.
            DisableClockSkewCorrection = true,
            HttpClientFactory = http ?? new S3Connections(_logger),
        };
        if (serviceUrl.Length > 0)
        {
            config.ServiceURL = serviceUrl;
            config.AuthenticationRegion = _options.Region.Length > 0 ? _options.Region : "us-east-1";
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(_options.Region);
        }
        return _credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(_credentials, config);
    }

    private Uri AddressOf(AmazonS3Client client) => new(client.DetermineServiceOperationEndpoint(new GetObjectRequest { BucketName = Name, Key = "any" }).URL.TrimEnd('/') + "/");
}
