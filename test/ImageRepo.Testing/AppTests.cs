using Xunit;

namespace ImageRepo.Testing;

/// <summary>Tests that share one app. A test fails when the app logs an error meanwhile that the test did not expect.</summary>
public abstract class AppTests<TApp>(TApp app) : IClassFixture<TApp>, IDisposable
    where TApp : ImageRepoApp
{
    protected TApp App => app;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        app.Log.RequireNoUnexpectedErrors();
    }
}
