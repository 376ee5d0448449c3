using System.Diagnostics;
using System.Globalization;
using ImageRepo.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

/// <summary>
/// Kills the built app with SIGKILL at a point on an image's way. The app knows nothing of it: .NET runs this class before its Main
/// (DOTNET_STARTUP_HOOKS), and it wraps the app's own ports as they are registered.
/// FAULT is "port.method:call:moment", such as <c>IObjectStore.PutAsync:2:after</c>: the second call, when it is done. The name and the place are .NET's.
/// </summary>
internal sealed class StartupHook : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    public const string Fault = "FAULT";
    public const string ClockAhead = "CLOCK_AHEAD";

    public static void Initialize() => DiagnosticListener.AllListeners.Subscribe(new StartupHook());

    public void OnNext(DiagnosticListener listener)
    {
        if (listener.Name == "Microsoft.Extensions.Hosting")
        {
            listener.Subscribe(this);
        }
    }

    /// <summary>The host is about to be built: all that the app registers is there.</summary>
    public void OnNext(KeyValuePair<string, object?> happened)
    {
        if (happened is { Key: "HostBuilding", Value: IHostBuilder host })
        {
            host.ConfigureServices((_, services) => Change(services));
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private static void Change(IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable(ClockAhead) is { Length: > 0 } ahead)
        {
            services.AddSingleton<TimeProvider>(new ShiftedTime(TimeSpan.Parse(ahead, CultureInfo.InvariantCulture)));
        }
        if (Environment.GetEnvironmentVariable(Fault)?.Split(':', '.') is [var port, var method, var call, var moment])
        {
            KillAt(services, port, new FaultPoint(method, int.Parse(call, CultureInfo.InvariantCulture), moment == "after"));
        }
    }

    private static void KillAt(IServiceCollection services, string port, FaultPoint point)
    {
        var wrapped = 0;
        for (var i = 0; i < services.Count; i++)
        {
            var real = services[i];
            if (real.ServiceType.Name == port)
            {
                wrapped++;
                services[i] = ServiceDescriptor.Describe(real.ServiceType, provider => FaultyPort.Wrap(real.ServiceType, Resolve(real, provider), point), real.Lifetime);
            }
        }
        if (wrapped == 0)
        {
            throw new InvalidOperationException($"The app registers no {port}.");
        }
    }

    private static object Resolve(ServiceDescriptor real, IServiceProvider provider) =>
        real.ImplementationInstance ?? real.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, real.ImplementationType!);

    private sealed class ShiftedTime(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
