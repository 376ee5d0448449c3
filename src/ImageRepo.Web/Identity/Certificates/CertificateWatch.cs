using ImageRepo.Infrastructure.Certificates;

namespace ImageRepo.Web.Identity.Certificates;

/// <summary>Reads the certificates before the server listens, and then often enough to have a new one before it takes over.</summary>
internal sealed partial class CertificateWatch(TokenCertificates certificates, CertificateChanges changes, TimeProvider time, ILogger<CertificateWatch> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await certificates.ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ReadAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(failure, Pause);
            }
        }
    }

    /// <summary>Takes what has changed: certificates that came or went, and one that takes over.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (await certificates.ReadAsync(cancellationToken))
        {
            changes.Tell();
        }
    }

    [LoggerMessage(LogLevel.Error, "The certificates for tokens could not be read; it is tried again in {Pause}")]
    private partial void LogFailed(Exception failure, TimeSpan pause);
}
