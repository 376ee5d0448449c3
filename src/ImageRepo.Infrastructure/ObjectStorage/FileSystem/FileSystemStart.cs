using Microsoft.Extensions.Hosting;

namespace ImageRepo.Infrastructure.ObjectStorage.FileSystem;

/// <summary>Opens the store when the host starts, so that a wrong folder or key stops it then and not at the first upload.</summary>
internal sealed class FileSystemStart(FileSystemObjectStore store) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        store.CheckMasterKey();
        store.RemoveAbandonedStaging();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
