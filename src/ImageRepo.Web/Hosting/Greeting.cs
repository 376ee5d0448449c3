using System.Net;
using ImageRepo.Web.Identity;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ImageRepo.Web.Hosting;

internal static class GreetingHosting
{
    public static void AddGreeting(this IServiceCollection services) => services.AddHostedService<Greeting>();
}

/// <summary>Says where the product is once it listens, and with which account it can be tried.</summary>
internal sealed class Greeting(IServer server, DemoAccount demo) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        if (addresses.Count == 0)
        {
            return;
        }
        Console.Out.WriteLine($"ImageRepo is ready: {string.Join(", ", addresses)}");
        if (await demo.OpenAsync(addresses.All(IsLoopback), cancellationToken))
        {
            Console.Out.WriteLine($"Try it as {DemoAccount.UserName} with the password {DemoAccount.Password} (only while it listens on this machine alone).");
        }
    }

    /// <summary>An address that only this machine reaches; "localhost" binds to loopback alone.</summary>
    internal static bool IsLoopback(string address)
    {
        var host = BindingAddress.Parse(address).Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
