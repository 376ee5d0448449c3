namespace ImageRepo.Web.Tests.Processes;

/// <summary>One built app for all tests of a class: it takes longer to start than most of them.</summary>
public sealed class SharedApp : IAsyncLifetime
{
    internal BuiltApp App { get; private set; } = null!;

    public async Task InitializeAsync() => App = await BuiltApp.StartAsync();

    public async Task DisposeAsync() => await App.DisposeAsync();
}
