using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Pages;

/// <summary>One sentence that the next page shows, with an undo where there is one.</summary>
internal static class Notice
{
    private const string TextKey = "notice.text";
    private const string UndoKey = "notice.undo";

    /// <param name="undoTrashOf">Page id of the image that "Undo" takes out of the trash again.</param>
    public static void Leave(ITempDataDictionary data, string text, string? undoTrashOf = null)
    {
        data[TextKey] = text;
        data[UndoKey] = undoTrashOf;
    }

    // Only looked for where there is one: to look is to clear the cookie, with a header in every answer.
    public static (string Text, string? UndoTrashOf)? Take(HttpContext context, ITempDataDictionary data) =>
        context.Request.Cookies.ContainsKey(CookieOf(context).Name!) && data[TextKey] is string text ? (text, data[UndoKey] as string) : null;

    private static CookieBuilder CookieOf(HttpContext context) => context.RequestServices.GetRequiredService<IOptions<CookieTempDataProviderOptions>>().Value.Cookie;
}
