using ImageRepo.Domain.Accounts;
using ImageRepo.Web.Schema;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Hosting;

/// <summary>Signs somebody out whose account was deleted while their page was being made, from another browser of theirs.</summary>
internal sealed class GoneAccountAnswer : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception failure, CancellationToken cancellationToken)
    {
        if (failure is not (AccountGoneException or SchemaRefusedException { IsForGoneAccount: true }))
        {
            return false;
        }
        await http.SignOutAsync(IdentityConstants.ApplicationScheme);
        http.Response.Redirect("/account/sign-in");
        return true;
    }
}
