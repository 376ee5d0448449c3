using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Persistence;

/// <summary>For dotnet-ef alone: the model without a server or a configuration.</summary>
internal sealed class DesignTimeDbContextFactory : IDesignTimeDbContextFactory<ImageRepoDbContext>
{
    public ImageRepoDbContext CreateDbContext(string[] args)
    {
        // Identity reads its schema version from the application's services; without them the passkey table would be dropped.
        var services = new ServiceCollection().AddIdentitySchema().BuildServiceProvider();
        var options = new DbContextOptionsBuilder<ImageRepoDbContext>()
            .UseApplicationServiceProvider(services)
            .UseImageRepoConventions("Host=design-time");
        return new ImageRepoDbContext(options.Options, new OwnerScope());
    }
}
