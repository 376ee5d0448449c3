using Microsoft.Extensions.Primitives;

namespace ImageRepo.Web.Identity.Certificates;

/// <summary>Makes OpenIddict read its options again. The validation copies the server's keys, so it comes after it.</summary>
internal sealed class CertificateChanges
{
    private CancellationTokenSource _server = new();
    private CancellationTokenSource _client = new();
    private CancellationTokenSource _validation = new();

    public IChangeToken OfServer() => new CancellationChangeToken(_server.Token);

    public IChangeToken OfClient() => new CancellationChangeToken(_client.Token);

    public IChangeToken OfValidation() => new CancellationChangeToken(_validation.Token);

    public void Tell()
    {
        Fire(ref _server);
        Fire(ref _client);
        Fire(ref _validation);
    }

    private static void Fire(ref CancellationTokenSource source)
    {
        using var before = Interlocked.Exchange(ref source, new CancellationTokenSource());
        before.Cancel();
    }
}
