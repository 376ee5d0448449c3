using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.ObjectStorage.S3;

/// <summary>Looks at the bucket when the host starts, so that what is missing stops it then and not the first upload.</summary>
internal sealed class S3Start(S3BucketCheck check, IOptions<S3Options> options, IConfiguration configuration, IHostEnvironment environment) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        new TransportSecurity(configuration, environment).RequireOf(options.Value);
        return check.RunAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
