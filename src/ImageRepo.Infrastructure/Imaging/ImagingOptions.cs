using System.ComponentModel.DataAnnotations;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>How much decoding one process does at a time. Section <c>Imaging</c>.</summary>
internal sealed class ImagingOptions
{
    public const string Section = "Imaging";

    /// <summary>Pictures decoded at the same time; 0, the default, is one a core.</summary>
    [Range(0, 1024)]
    public int Parallelism { get; set; }

    /// <summary>Pixels of the pictures in decoding, together; a picture with more is decoded alone. 200 million unless set, which is at most some 1 GB.</summary>
    [Range(1_000_000, 100_000_000_000)]
    public long PixelsInFlight { get; set; } = 200_000_000;

    /// <summary>Pictures that may wait for their turn; one more is told that the server is busy. 64 unless set.</summary>
    [Range(0, 100_000)]
    public int QueueLength { get; set; } = 64;

    /// <summary>Renditions made on demand at the same time; 0, the default, is half of <see cref="Parallelism"/>, so that uploads always find a place.</summary>
    [Range(0, 1024)]
    public int RenditionParallelism { get; set; }

    /// <summary>Renditions that may wait to be made; one more is told that the server is busy. 64 unless set.</summary>
    [Range(0, 100_000)]
    public int RenditionQueueLength { get; set; } = 64;

    /// <summary>When to ask again, told to who finds the queue full. 5 seconds unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);

    internal int Decodes => Parallelism > 0 ? Parallelism : Environment.ProcessorCount;

    internal int RenditionDecodes => RenditionParallelism > 0 ? RenditionParallelism : Math.Max(1, Decodes / 2);
}
