namespace ImageRepo.Domain.Accounts;

/// <summary>How much each owner may store. Section <c>Quota</c>; null is no limit.</summary>
public sealed class QuotaOptions
{
    /// <summary>Images an owner may keep, trash included.</summary>
    public int? MaxImages { get; set; }

    /// <summary>Bytes of originals an owner may keep, trash included. 10 GiB unless set.</summary>
    public long? MaxBytes { get; set; } = 10L << 30;
}
