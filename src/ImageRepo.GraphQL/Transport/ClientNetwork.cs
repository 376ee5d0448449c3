using System.Net;
using System.Net.Sockets;

namespace ImageRepo.GraphQL.Transport;

/// <summary>What counts as one address when requests are counted.</summary>
public static class ClientNetwork
{
    /// <summary>An IPv4 address as it is, of an IPv6 address its /64 network: whoever has one of its addresses has all 2^64.</summary>
    public static string Of(IPAddress? address)
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
