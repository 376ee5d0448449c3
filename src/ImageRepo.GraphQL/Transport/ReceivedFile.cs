using ImageRepo.Domain;
using ImageRepo.Domain.Images;

namespace ImageRepo.GraphQL.Transport;

/// <summary>A file as it stands behind an <c>Upload</c>: staged, or refused while it arrived.</summary>
internal sealed class ReceivedFile
{
    private readonly StagedUpload? _staged;
    private readonly DomainException? _refusal;
    private bool _isTaken;

    private ReceivedFile(StagedUpload? staged, DomainException? refusal) => (_staged, _refusal) = (staged, refusal);

    public static ReceivedFile Staged(StagedUpload staged) => new(staged, null);

    public static ReceivedFile Refused(DomainException refusal) => new(null, refusal);

    /// <summary>Stands for a file that nobody read, since its sender may not upload.</summary>
    public static ReceivedFile Unread { get; } = new(null, null);

    /// <summary>Staged, and no mutation has taken it over: what it left in the store is to be discarded.</summary>
    public StagedUpload? Unused => _isTaken ? null : _staged;

    /// <summary>Hands the staged file over; from now on it is the caller's to keep or to discard.</summary>
    /// <exception cref="DomainException">What was wrong with the file while it arrived.</exception>
    /// <exception cref="FileAlreadyUsedException">Another mutation of the request took it.</exception>
    public StagedUpload Take()
    {
        if (_refusal is not null)
        {
            throw _refusal;
        }
        if (_isTaken)
        {
            throw new FileAlreadyUsedException();
        }
        _isTaken = true;
        return _staged ?? throw new InvalidOperationException("A file that was not read can't become an image.");
    }
}

/// <summary>Two mutations of one request name the same file; it becomes one image.</summary>
internal sealed class FileAlreadyUsedException() : DomainException("The file is used by another upload of this request already.");

/// <summary>The files after one that is over the limit are not read, so that the answer comes at once.</summary>
internal sealed class FileNotReadException() : DomainException("The file was not read, because one before it in the request is too large.");
