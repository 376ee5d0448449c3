using System.Globalization;

namespace ImageRepo.Web.Pages;

/// <summary>Days as pages write them.</summary>
internal static class Day
{
    public static string Write(DateTimeOffset moment) => moment.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <param name="utc">In UTC.</param>
    public static string Write(DateTime utc) => utc.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
