namespace ImageRepo.Web.Commands;

/// <summary>Says now and then how far a long command has come, beside what it answers.</summary>
internal sealed class ProgressLine(TextWriter writer)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private long _saidAt = Environment.TickCount64;

    public void Say(string text)
    {
        if (Environment.TickCount64 - _saidAt >= Pause.TotalMilliseconds)
        {
            writer.WriteLine(text);
            _saidAt = Environment.TickCount64;
        }
    }
}
