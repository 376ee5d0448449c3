using Microsoft.Extensions.Configuration;

namespace ImageRepo.Infrastructure;

/// <summary>The folder in which this installation keeps its files: setting <c>DataDirectory</c>, <c>data</c> below the current directory unless set.</summary>
public sealed class DataDirectory
{
    public const string Setting = "DataDirectory";
    private const string Default = "data";

    /// <summary>Opens the folder and makes it, for this user alone, when it is not there.</summary>
    /// <exception cref="SetupException">It cannot be made; the message names the setting.</exception>
    public DataDirectory(string path)
    {
        try
        {
            Path = System.IO.Path.GetFullPath(path);
            PrivateFiles.CreateDirectory(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SetupException($"{Setting} is '{path}', which can't be used as a folder: {e.Message} Set {Setting} to a folder that this user can write to.", e);
        }
    }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>The absolute path of something inside; nothing is made.</summary>
    public string Combine(params ReadOnlySpan<string> segments) => System.IO.Path.Combine([Path, .. segments]);

    internal static DataDirectory FromConfiguration(IConfiguration configuration) =>
        new(configuration[Setting] is { } path && !string.IsNullOrWhiteSpace(path) ? path : Default);
}
