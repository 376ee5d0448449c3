using System.Globalization;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ImageRepo.Web.Pages;

// A failed POST is shown here too; the page changes nothing, so that it needs no token of a form.
[IgnoreAntiforgeryToken]
internal sealed class ErrorModel : PageModel
{
    public string Heading { get; private set; } = "";
    public string Explanation { get; private set; } = "";

    public void OnGet(int status) => Explain(status);

    public void OnPost(int status) => Explain(status);

    private void Explain(int status)
    {
        if (HttpContext.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            // One path for whatever was thrown; the status says what it was.
            status = HttpContext.Response.StatusCode;
        }
        (Heading, Explanation) = status switch
        {
            400 when HttpContext.GetOpenIddictServerResponse() is { ErrorDescription: { } problem } =>
                ("This application asked for something wrong", $"It can't be let in, and its makers may want to know why: {problem}"),
            400 => ("That didn't work", "The form was too old or came incomplete. Go back, reload the page and send it again."),
            403 => ("Not for you", "You are signed in, but this is not yours to open."),
            404 => ("Nothing here", "There is no such page, or the image is not in your library."),
            408 => ("That took too long", "Your connection was too slow to finish. Please try again."),
            413 => ("Too large", "What you sent is larger than allowed."),
            429 => ("Too many tries", $"That was tried too often from where you are. Please try again {When()}."),
            503 => ("Not just now", $"Something that this site needs is away or very busy. Please try again {When()}."),
            >= 500 => ("Something went wrong", "It is not your fault. It has been written down; please try again."),
            _ => ("That didn't work", "The request could not be answered."),
        };
        if (HttpContext.Response.StatusCode == StatusCodes.Status200OK)
        {
            // Opened by its address, or as the cookie's page for what is forbidden.
            HttpContext.Response.StatusCode = status is >= 400 and < 600 ? status : StatusCodes.Status404NotFound;
        }
    }

    private string When() => int.TryParse(HttpContext.Response.Headers.RetryAfter, CultureInfo.InvariantCulture, out var seconds) && seconds > 1
        ? seconds < 120 ? $"in {seconds} seconds" : $"in {(seconds + 59) / 60} minutes"
        : "in a moment";
}
