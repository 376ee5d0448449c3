using System.Runtime.InteropServices;
using ImageRepo.Infrastructure.Analysis;

namespace ImageRepo.Infrastructure.Tests.Analysis;

public sealed class OnnxTelemetryTests
{
    [Fact]
    public void Native_code_sees_that_telemetry_is_off()
    {
        OnnxTelemetry.TurnOff();

        var seen = OperatingSystem.IsWindows()
            ? Environment.GetEnvironmentVariable(OnnxTelemetry.Variable)
            : Marshal.PtrToStringUTF8(GetNative(OnnxTelemetry.Variable));

        Assert.Equal("1", seen);
    }

    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi)]
    private static extern IntPtr GetNative(string name);
}
