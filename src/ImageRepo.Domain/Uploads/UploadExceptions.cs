namespace ImageRepo.Domain.Uploads;

public sealed class UploadNotFoundException(UploadId uploadId)
    : DomainException("There is no upload under way with this id and size. It may have expired; begin another.")
{
    public UploadId UploadId { get; } = uploadId;
}

public sealed class UploadIncompleteException(IReadOnlyList<int> missingParts)
    : DomainException($"{missingParts.Count} {(missingParts.Count == 1 ? "part has" : "parts have")} not arrived: {string.Join(", ", missingParts.Take(10))}{(missingParts.Count > 10 ? ", …" : "")}.")
{
    /// <summary>Their numbers, from 1.</summary>
    public IReadOnlyList<int> MissingParts { get; } = missingParts;
}

public sealed class ContentHashMismatchException()
    : DomainException("The bytes that arrived have another hash than was said when the upload began. Send the parts again.");

public sealed class TooManyUploadsException(int maxUploads)
    : DomainException($"{maxUploads} of your uploads are under way, and no more are allowed at once. Complete some, or wait until they expire.");
