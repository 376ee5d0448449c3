using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace ImageRepo.Testing;

/// <summary>
/// One real S3 server (test/radosgw/serve) a test process, started when the first test asks for it. It ends with the process, however that ends.
/// </summary>
public static class S3Server
{
    private const string Account = "tests";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task<Uri>> Server = new(StartAsync);
    private static int _buckets;

    /// <summary>Those of the account that owns every bucket; the environment of this process holds them too, once the server runs.</summary>
    public static AWSCredentials Credentials { get; } = new BasicAWSCredentials(Account, $"{Account}-secret");

    /// <summary>Those of an account that may use no bucket.</summary>
    public static AWSCredentials StrangersCredentials { get; } = new BasicAWSCredentials("stranger", "stranger-secret");

    public static Task<Uri> AddressAsync() => Server.Value;

    /// <summary>A fresh bucket, and the settings of an app that is to use it. Browsers are sent to another name of the same server.</summary>
    public static async Task<Dictionary<string, string?>> CreateBucketAsync()
    {
        var address = await Server.Value;
        var bucket = $"test-{Interlocked.Increment(ref _buckets)}";
        using var client = Connect(address);
        await client.PutBucketAsync(bucket);
        // Browsers put the parts of large files there; docs/storage-s3.md has the same rule.
        await client.PutCORSConfigurationAsync(bucket, new CORSConfiguration
        {
            Rules =
            [
                new CORSRule
                {
                    AllowedOrigins = ["*"],
                    AllowedMethods = ["GET", "PUT"],
                    AllowedHeaders = ["content-type", "content-length", "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"],
                    ExposeHeaders = ["ETag"],
                },
            ],
        });
        return new()
        {
            ["Storage:Provider"] = "S3",
            ["Storage:S3:Bucket"] = bucket,
            ["Storage:S3:ServiceUrl"] = address.ToString(),
            ["Storage:S3:PublicUrl"] = new UriBuilder(address) { Host = "localhost" }.Uri.ToString(),
        };
    }

    /// <summary>For what tests do behind the product's back; the caller disposes it.</summary>
    public static IAmazonS3 Connect(Uri address) => new AmazonS3Client(Credentials, new AmazonS3Config
    {
        ServiceURL = address.ToString(),
        ForcePathStyle = true,
        AuthenticationRegion = "us-east-1",
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });

    private static async Task<Uri> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("imagerepo-s3-").FullName;
        var server = new Process
        {
            StartInfo = new ProcessStartInfo(Path.Combine(Photos.Root(), "test", "radosgw", "serve"), [folder])
            {
                // Held open as long as this process lives.
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        server.Start();
        var errors = server.StandardError.ReadToEndAsync();
        var said = await server.StandardOutput.ReadLineAsync().WaitAsync(StartLimit);
        if (said?.Split(' ') is not ["ready", var address])
        {
            throw new InvalidOperationException($"The S3 server did not start. {await errors}");
        }
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop(server);
        // The product finds its credentials there, as it does in production.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", Account);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", $"{Account}-secret");
        return new Uri(address);
    }

    private static void Stop(Process server)
    {
        server.StandardInput.Close();
        server.WaitForExit(TimeSpan.FromSeconds(10));
    }
}
