using Microsoft.AspNetCore.Html;

namespace ImageRepo.Web.Pages;

/// <summary>The hand-made icons, drawn on a grid of 24 with strokes of 1.75 in the text's colour. They are decoration: the text beside them says what they mean.</summary>
internal static class Icons
{
    public static IHtmlContent Upload { get; } = Stroke("M12 15V4m0 0L7.5 8.5M12 4l4.5 4.5M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3");
    public static IHtmlContent Images { get; } = Stroke("M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Zm-1 12 4.5-4.5L13 16l3-3 4 4M15.5 9h.01");
    public static IHtmlContent Trash { get; } = Stroke("M4 7h16M9.5 7V4.5h5V7M6 7l1 12.5h10L18 7M10 11v5m4-5v5");
    public static IHtmlContent Search { get; } = Stroke("m20 20-4.2-4.2M18 11a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z");
    public static IHtmlContent Tag { get; } = Stroke("M4 4h7.5L20 12.5 12.5 20 4 11.5V4Zm4.5 4.5h.01");
    public static IHtmlContent Palette { get; } = Stroke("M12 3.5a8.5 8.5 0 1 0 0 17c1.2 0 1.7-.8 1.5-1.8-.3-1.5.6-2.7 2.2-2.7h2c1.6 0 2.8-1.3 2.8-3C20.5 7.5 16.7 3.5 12 3.5ZM8 11.5h.01M11 8h.01M15.5 9h.01");
    public static IHtmlContent Download { get; } = Stroke("M12 4v11m0 0-4.5-4.5M12 15l4.5-4.5M4 18v2h16v-2");
    public static IHtmlContent Again { get; } = Stroke("M4 12a8 8 0 0 1 13.7-5.7L20 8.5M20 4v4.5h-4.5M20 12a8 8 0 0 1-13.7 5.7L4 15.5M4 20v-4.5h4.5");
    public static IHtmlContent Heart { get; } = Stroke("M12 20C6 15.5 3.5 12.5 3.5 9A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 8.5 2c0 3.5-2.5 6.5-8.5 11Z");
    public static IHtmlContent Close { get; } = Stroke("m7 7 10 10M17 7 7 17");
    public static IHtmlContent Back { get; } = Stroke("M19 12H5m0 0 6-6m-6 6 6 6");
    public static IHtmlContent Forward { get; } = Stroke("M5 12h14m0 0-6-6m6 6-6 6");
    public static IHtmlContent Restore { get; } = Stroke("M4 5v5h5M4.5 10a8 8 0 1 1-.5 4");
    public static IHtmlContent Lock { get; } = Stroke("M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3");
    public static IHtmlContent Code { get; } = Stroke("m8 7-5 5 5 5m8-10 5 5-5 5");
    public static IHtmlContent Person { get; } = Stroke("M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5");
    public static IHtmlContent Pencil { get; } = Stroke("M4 20l1-4.5L16 4.5 19.5 8 8.5 19 4 20Z");

    private static HtmlString Stroke(string path) => new(
        $"""<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d="{path}"/></svg>""");
}
