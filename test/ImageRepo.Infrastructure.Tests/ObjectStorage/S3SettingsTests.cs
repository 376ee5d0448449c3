using ImageRepo.Infrastructure.ObjectStorage;
using ImageRepo.Infrastructure.ObjectStorage.S3;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

public sealed class S3SettingsTests
{
    private readonly S3OptionsValidator _validator = new();

    [Fact]
    public void A_bucket_and_a_region_are_enough() => Assert.True(_validator.Validate(null, Valid()).Succeeded);

    [Theory]
    [InlineData("", "eu-central-1", "", "", "SSE-S3", "", "Storage:S3:Bucket")]
    [InlineData("a/b", "eu-central-1", "", "", "SSE-S3", "", "Storage:S3:Bucket")]
    [InlineData("b", "", "", "", "SSE-S3", "", "Storage:S3:Region")]
    [InlineData("b", "", "s3.example.org", "", "SSE-S3", "", "Storage:S3:ServiceUrl")]
    [InlineData("b", "", "ftp://s3.example.org", "", "SSE-S3", "", "Storage:S3:ServiceUrl")]
    [InlineData("b", "", "https://s3.example.org/bucket", "", "SSE-S3", "", "Storage:S3:ServiceUrl")]
    [InlineData("b", "", "https://key:secret@s3.example.org", "", "SSE-S3", "", "Storage:S3:ServiceUrl")]
    [InlineData("b", "", "https://s3.example.org", "images", "SSE-S3", "", "Storage:S3:PublicUrl")]
    [InlineData("b", "eu-central-1", "", "", "none", "", "Storage:S3:Encryption")]
    [InlineData("b", "eu-central-1", "", "", "SSE-S3", "key", "Storage:S3:KmsKeyId")]
    public void A_wrong_setting_is_named(string bucket, string region, string serviceUrl, string publicUrl, string encryption, string kmsKeyId, string setting)
    {
        var result = _validator.Validate(null, new S3Options { Bucket = bucket, Region = region, ServiceUrl = serviceUrl, PublicUrl = publicUrl, Encryption = encryption, KmsKeyId = kmsKeyId });

        Assert.StartsWith(setting, Assert.Single(result.Failures!));
    }

    [Theory]
    [InlineData("", null, "https://photos.s3.eu-central-1.amazonaws.com/")]
    [InlineData("", true, "https://s3.eu-central-1.amazonaws.com/photos/")]
    [InlineData("https://s3.example.org", null, "https://s3.example.org/photos/")]
    [InlineData("https://s3.example.org:8443", false, "https://photos.s3.example.org:8443/")]
    public void The_bucket_stands_in_the_host_at_AWS_and_in_the_path_elsewhere_unless_set(string serviceUrl, bool? forcePathStyle, string address)
    {
        using var bucket = new S3Bucket(
            Microsoft.Extensions.Options.Options.Create(Valid(o => (o.ServiceUrl, o.ForcePathStyle) = (serviceUrl, forcePathStyle))),
            Microsoft.Extensions.Logging.Abstractions.NullLogger<S3Bucket>.Instance, Testing.S3Server.Credentials);

        Assert.Equal(address, bucket.Address.ToString());
        using var links = S3TestBucket.LinksOf(bucket, TimeProvider.System);
        Assert.StartsWith("/content/", links.CreateOnDemand(Domain.Storage.ObjectKey.Parse("renditions/a/b/480-webp")).Url.ToString());
        Assert.StartsWith(address + "renditions/a/b/320?", links.Create(Domain.Storage.ObjectKey.Parse("renditions/a/b/320")).Url.ToString());
        Assert.Equal(new Uri(new Uri(address).GetLeftPart(UriPartial.Authority)), links.Origin);
    }

    private static S3Options Valid(Action<S3Options>? change = null)
    {
        var options = new S3Options { Bucket = "photos", Region = "eu-central-1" };
        change?.Invoke(options);
        return options;
    }
}
