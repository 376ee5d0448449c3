using System.Net;
using System.Security.Claims;
using ImageRepo.GraphQL.Execution;
using Microsoft.AspNetCore.Http;

namespace ImageRepo.GraphQL.Transport;

/// <summary>Whose share of a limit something takes: the account's, else that of everybody at the address.</summary>
internal readonly record struct CallerKey(string Name, bool IsUser)
{
    public static CallerKey Of(HttpContext http) => Of(http.User, http.Connection.RemoteIpAddress);

    public static CallerKey Of(ClaimsPrincipal user, IPAddress? address) => Caller.From(user).Owner is { } owner
        ? new CallerKey(owner.Value.ToString("N"), IsUser: true)
        : new CallerKey(ClientNetwork.Of(address), IsUser: false);
}
