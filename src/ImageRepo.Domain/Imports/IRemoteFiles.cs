namespace ImageRepo.Domain.Imports;

/// <summary>Fetches files of other people's servers, and never from where the product's own network begins.</summary>
public interface IRemoteFiles
{
    /// <summary>
    /// Asks for the file, by http or https, following a few redirects. Each address on the way is checked before anything is sent to it.
    /// The content is read while it arrives; whoever reads it bounds its length. Reading throws <see cref="UnreachableUrlException"/> too.
    /// </summary>
    /// <exception cref="ForbiddenUrlException">The address, or one that it leads to, is none that may be fetched.</exception>
    /// <exception cref="UnreachableUrlException">Nobody answered in time, or not with a file.</exception>
    Task<RemoteFile> OpenAsync(Uri url, CancellationToken cancellationToken);
}

/// <param name="Name">The last part of the address; what the server says of its file is not believed.</param>
/// <param name="Content">Not seekable.</param>
/// <param name="Length">Bytes, where the server says so beforehand.</param>
public sealed record RemoteFile(string Name, Stream Content, long? Length) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
