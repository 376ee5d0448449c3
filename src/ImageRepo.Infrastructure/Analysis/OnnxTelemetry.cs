using System.Runtime.InteropServices;

namespace ImageRepo.Infrastructure.Analysis;

/// <summary>
/// ONNX Runtime's packages send events to Microsoft over HTTPS unless told otherwise, and keep a device id below the user's home
/// (Privacy.md of Microsoft.ML.OnnxRuntime 1.31.1). A private image repository tells nobody that it runs.
/// </summary>
internal static partial class OnnxTelemetry
{
    internal const string Variable = "ORT_DISABLE_TELEMETRY";

    private static readonly Lazy<bool> Off = new(SetVariable);

    /// <summary>Must come before anything else of ONNX Runtime: it reads the variable once, when it initialises. Any number of calls.</summary>
    public static void TurnOff() => _ = Off.Value;

    private static bool SetVariable()
    {
        Environment.SetEnvironmentVariable(Variable, "1");
        // On Unix .NET changes its own copy of the environment alone, which native code doesn't see.
        return OperatingSystem.IsWindows() || SetNative(Variable, "1", overwrite: 1) == 0
            ? true
            : throw new InvalidOperationException($"The telemetry of ONNX Runtime can't be turned off: setting {Variable} failed.");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNative(string name, string value, int overwrite);
}
