using ImageRepo.Infrastructure.Clients;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.Applications;

/// <summary>
/// The public client that every installation has: programs for the command line sign in with it, by a loopback address on any port or by
/// a device code. Made or brought up to date at each start, by one node at a time.
/// </summary>
internal sealed class CommandLineClient(IServiceScopeFactory scopes, TimeProvider time) : IHostedService
{
    public const string ClientId = "imagerepo-cli";

    /// <summary>Without a port: RFC 8252 lets a program choose one each time.</summary>
    private static readonly string[] RedirectAddresses = ["http://127.0.0.1/callback", "http://[::1]/callback", "http://localhost/callback"];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        var applications = scope.ServiceProvider.GetRequiredService<OpenIddictApplicationManager<ClientApplication>>();
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('first-party clients', 0))", cancellationToken);
        if (await applications.FindByClientIdAsync(ClientId, cancellationToken) is { } existing)
        {
            await applications.UpdateAsync(existing, Descriptor(), cancellationToken);
        }
        else
        {
            var application = new ClientApplication { CreatedAt = time.GetUtcNow() };
            await applications.PopulateAsync(application, Descriptor(), cancellationToken);
            await applications.CreateAsync(application, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static OpenIddictApplicationDescriptor Descriptor()
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = ClientId,
            ClientType = ClientTypes.Public,
            ApplicationType = ApplicationTypes.Native,
            ConsentType = ConsentTypes.Explicit,
            DisplayName = "ImageRepo for the command line",
        };
        descriptor.RedirectUris.UnionWith(RedirectAddresses.Select(a => new Uri(a)));
        descriptor.PostLogoutRedirectUris.UnionWith(descriptor.RedirectUris);
        descriptor.Permissions.UnionWith(ClientPermissions.Public);
        return descriptor;
    }
}
