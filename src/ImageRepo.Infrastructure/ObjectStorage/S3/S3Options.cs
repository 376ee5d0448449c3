using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.ObjectStorage.S3;

/// <summary>Section <c>Storage:S3</c>, read when <c>Storage:Provider</c> is <c>S3</c>. Credentials come from where the AWS SDK looks for them.</summary>
internal sealed class S3Options
{
    public const string Section = StorageOptions.Section + ":S3";
    public const string ManagedByS3 = "SSE-S3";
    public const string ManagedByKms = "SSE-KMS";

    public string Bucket { get; set; } = "";

    /// <summary>Needed for AWS; other servers mostly take any.</summary>
    public string Region { get; set; } = "";

    /// <summary>The address of another server than AWS, without the bucket.</summary>
    public string ServiceUrl { get; set; } = "";

    /// <summary>The address under which browsers reach the same server, where that is another.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>Whether the bucket stands in the path instead of in the host name. Unless set, it does for servers other than AWS.</summary>
    public bool? ForcePathStyle { get; set; }

    /// <summary>Who keeps the keys under which the server encrypts.</summary>
    public string Encryption { get; set; } = ManagedByS3;

    /// <summary>The key of SSE-KMS; the account's own key for S3 when it is left out.</summary>
    public string KmsKeyId { get; set; } = "";

    public bool UsesKms => Encryption.Equals(ManagedByKms, StringComparison.OrdinalIgnoreCase);
    public bool HasPathStyle => ForcePathStyle ?? ServiceUrl.Length > 0;

    /// <summary>The address for browsers, or what stands for it.</summary>
    public string BrowserUrl => PublicUrl.Length > 0 ? PublicUrl : ServiceUrl;
}

internal sealed class S3OptionsValidator : IValidateOptions<S3Options>
{
    public ValidateOptionsResult Validate(string? name, S3Options options)
    {
        List<string> problems = [];
        Require(options.Bucket.Length > 0 && !options.Bucket.Contains('/'), nameof(S3Options.Bucket), options.Bucket, "set it to the name of the bucket");
        Require(options.Region.Length > 0 || options.ServiceUrl.Length > 0, nameof(S3Options.Region), options.Region,
            $"set it to the region of the bucket, such as eu-central-1, or set {S3Options.Section}:{nameof(S3Options.ServiceUrl)} to a server of yours");
        RequireAddress(nameof(S3Options.ServiceUrl), options.ServiceUrl);
        RequireAddress(nameof(S3Options.PublicUrl), options.PublicUrl);
        Require(options.UsesKms || options.Encryption.Equals(S3Options.ManagedByS3, StringComparison.OrdinalIgnoreCase), nameof(S3Options.Encryption), options.Encryption,
            $"allowed are: {S3Options.ManagedByS3}, {S3Options.ManagedByKms}");
        Require(options.UsesKms || options.KmsKeyId.Length == 0, nameof(S3Options.KmsKeyId), options.KmsKeyId,
            $"it needs {S3Options.Section}:{nameof(S3Options.Encryption)}={S3Options.ManagedByKms}");
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;

        void Require(bool holds, string setting, string value, string fix)
        {
            if (!holds)
            {
                // Somebody may have put a password into an address.
                value = value.Contains('@') ? "…" : value;
                problems.Add($"{S3Options.Section}:{setting} is '{value}'; {fix}.");
            }
        }

        void RequireAddress(string setting, string value) => Require(
            value.Length == 0 || (Uri.TryCreate(value, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" }),
            setting, value, "it must be an http or https address without a path, such as https://s3.example.org");
    }
}
