using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Export;
using ImageRepo.Web.Identity;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace ImageRepo.Web.Pages.Account;

internal sealed class ExportModel(UserManager<User> users, AccountArchive archive, TimeProvider time, AuditLog audit) : OwnAccountPage(users)
{
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var user = await OwnerAsync();
        audit.Write(AuditEvent.DataExported, user.Id);
        Response.ContentType = "application/zip";
        var name = new ContentDispositionHeaderValue("attachment");
        name.SetHttpFileName($"imagerepo-{user.UserName}-{time.GetUtcNow():yyyy-MM-dd}.zip");
        Response.Headers.ContentDisposition = name.ToString();
        HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // .NET's compression writes its last bytes synchronously, however its stream is closed.
        HttpContext.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        await archive.WriteAsync(user, Response.Body, cancellationToken);
        return new EmptyResult();
    }
}
