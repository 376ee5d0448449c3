namespace ImageRepo.Domain.Uploads;

/// <summary>Uploads in parts. Section <c>Uploads</c>.</summary>
public sealed class UploadOptions
{
    /// <summary>How long an upload may take from its beginning on. A day unless set.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Uploads of one owner under way at once. 50 unless set.</summary>
    public int PerOwner { get; set; } = 50;
}
