using ImageRepo.Domain.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Backups;

/// <summary>The store, with something that happens before the next object is read or deleted.</summary>
internal sealed class WatchedStore(IObjectStore inner) : IObjectStore
{
    public Func<Task>? BeforeNextRead { get; set; }

    public Func<Task>? BeforeNextDelete { get; set; }

    public async Task<StoredObject?> OpenReadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (BeforeNextRead is { } act)
        {
            BeforeNextRead = null;
            await act();
        }
        return await inner.OpenReadAsync(key, cancellationToken);
    }

    public Task PutAsync(ObjectKey key, Stream content, string contentType, CancellationToken cancellationToken) => inner.PutAsync(key, content, contentType, cancellationToken);

    public Task<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken) => inner.ExistsAsync(key, cancellationToken);

    public async Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (BeforeNextDelete is { } act)
        {
            BeforeNextDelete = null;
            await act();
        }
        await inner.DeleteAsync(key, cancellationToken);
    }

    public Task DeleteAllAsync(string prefix, CancellationToken cancellationToken) => inner.DeleteAllAsync(prefix, cancellationToken);

    public IAsyncEnumerable<StoredObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public static void Watch(IServiceCollection services)
    {
        var real = services.Last(s => s.ServiceType == typeof(IObjectStore));
        services.AddSingleton<IObjectStore>(provider => new WatchedStore((IObjectStore)(
            real.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, real.ImplementationType!))));
    }
}
