namespace ImageRepo.Testing;

/// <summary>What the process's managed objects take once what nobody holds is gone.</summary>
public static class LiveMemory
{
    /// <summary>Bytes. Not by GC.GetTotalMemory, which .NET 10 lets be negative: https://github.com/dotnet/runtime/issues/106712.</summary>
    public static long Measure()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var heap = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        return heap.HeapSizeBytes - heap.FragmentedBytes;
    }
}
