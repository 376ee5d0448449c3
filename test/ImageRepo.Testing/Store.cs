namespace ImageRepo.Testing;

/// <summary>The adapters of the object store, for tests that hold on each of them.</summary>
public enum Store
{
    Files,
    S3,
}
