using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageRepo.Domain.Analysis;

namespace ImageRepo.Infrastructure.Analysis.Azure;

/// <summary>What an answer without a result means: who is at fault, and how long to wait.</summary>
internal static partial class AzureFaults
{
    /// <summary>Settings don't mend themselves, but a key may be in its rotation.</summary>
    public static readonly TimeSpan SettingsRetry = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan OutageRetry = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);
    private const int MessageMaxLength = 300;

    public static AnalyzerUnavailableException NoAnswer(string why, Exception? inner = null, TimeSpan? retryAfter = null) =>
        new("The image analysis of Azure gives no answer; this image waits for it.", retryAfter ?? OutageRetry, isBusy: false, new IOException($"Azure gave no answer: {why}", inner));

    public static AnalyzerUnavailableException NotRecognised(string why, Exception? inner = null) =>
        new("The image analysis of Azure refuses this server's settings; this image waits until they are right.", SettingsRetry, isBusy: false,
            new InvalidOperationException($"{why}. Check the settings {AzureOptions.Section}:Endpoint, Key and Entra", inner));

    /// <param name="answer">Any but 200.</param>
    /// <param name="now">To which a date that the service names is compared.</param>
    public static Exception Of(VisionAnswer answer, DateTimeOffset now)
    {
        var error = ErrorOf(answer);
        return answer.Status switch
        {
            429 => new AnalyzerUnavailableException(
                "The image analysis of Azure is busy; this image waits for its turn.", Wait(answer, error, now) ?? BusyRetry, isBusy: true),
            408 or >= 500 => NoAnswer($"status {answer.Status}, {error.Written}", retryAfter: Wait(answer, error, now)),
            400 or 413 or 415 or 422 => new AnalysisFailedException(error.Message.Length > 0
                ? $"Azure could not analyse this picture: {error.Message}"
                : "Azure could not analyse this picture, and does not say why."),
            _ => NotRecognised($"Azure answered with status {answer.Status}, {error.Written}"),
        };
    }

    /// <summary>True when a picture was refused for something that was asked for, which some regions don't have.</summary>
    public static bool IsMissingFeature(VisionAnswer answer) => answer.Status == 400 && ErrorOf(answer).Codes.Contains("NotSupportedVisualFeature");

    private static ServiceError ErrorOf(VisionAnswer answer)
    {
        try
        {
            // Gateways before the service leave out the outer object.
            var body = JsonSerializer.Deserialize<ErrorBody>(answer.Body, VisionJson.Options);
            var outer = body?.Error ?? new ErrorPart(body?.Code, body?.Message, null);
            var inner = outer.InnerError;
            return new ServiceError([.. new[] { outer.Code, inner?.Code }.OfType<string>()], VisionText.Line(inner?.Message ?? outer.Message, MessageMaxLength) ?? "");
        }
        catch (JsonException)
        {
            return new ServiceError([], "");
        }
    }

    private static TimeSpan? Wait(VisionAnswer answer, ServiceError error, DateTimeOffset now)
    {
        var said = Header(answer.RetryAfter, now);
        if (said is null && SecondsInWords().Match(error.Message) is { Success: true } match)
        {
            said = TimeSpan.FromSeconds(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        }
        return said is { } wait ? TimeSpan.FromSeconds(Math.Clamp(wait.TotalSeconds, 1, LongestRetry.TotalSeconds)) : null;
    }

    private static TimeSpan? Header(string? value, DateTimeOffset now) =>
        double.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Min(seconds, LongestRetry.TotalSeconds))
        : DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date - now
        : null;

    [GeneratedRegex(@"retry after (\d{1,6}) second", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecondsInWords();

    private sealed record ServiceError(IReadOnlyList<string> Codes, string Message)
    {
        public string Written => $"'{Message}'";
    }

    private sealed record ErrorBody(ErrorPart? Error, string? Code, string? Message);

    private sealed record ErrorPart(string? Code, string? Message, ErrorPart? InnerError);
}
