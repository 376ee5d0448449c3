using System.Net;
using System.Net.Sockets;
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
        : new CallerKey(Network(address), IsUser: false);

    /// <summary>Whoever has one IPv6 address has the 2^64 of its network too.</summary>
    private static string Network(IPAddress? address)
    {
        if (address is null)
        {
            return "none";
        }
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
