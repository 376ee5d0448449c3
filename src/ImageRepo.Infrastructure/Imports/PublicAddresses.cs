using System.Net;
using System.Net.Sockets;

namespace ImageRepo.Infrastructure.Imports;

/// <summary>
/// Which addresses are somebody else's server on the public internet. All else is refused: the registries of special addresses of IANA
/// (https://www.iana.org/assignments/iana-ipv4-special-registry, …-ipv6-special-registry), multicast, and what clouds serve to their own machines.
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] SpecialV4 = Networks(
        "0.0.0.0/8", // this network
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // private
        "100.64.0.0/10", // shared by the customers of a carrier; 100.100.100.200 is Alibaba's metadata service
        "127.0.0.0/8", // loopback
        "168.63.129.16/32", // Azure's own service for its machines, in the middle of public addresses
        "169.254.0.0/16", // link-local; 169.254.169.254 is the metadata service of most clouds
        "192.0.0.0/24", // protocols; 192.0.0.192 is Oracle's metadata service
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", // documentation
        "192.88.99.0/24", // relays of 6to4
        "198.18.0.0/15", // benchmarks
        "224.0.0.0/4", // multicast
        "240.0.0.0/4"); // reserved, and broadcast

    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] SpecialV6 = Networks(
        "2001::/23", // protocols, Teredo among them
        "2001:db8::/32", "3fff::/20", // documentation
        "2002::/16"); // 6to4, which wraps any IPv4 address

    // A gateway turns these into IPv4 (RFC 6052): the address within is the one that counts.
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool Includes(IPAddress address)
    {
        address = Unwrap(address);
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !SpecialV4.Any(n => n.Contains(address)),
            // Only this eighth is global unicast: loopback, link-local, unique local, multicast and the wrapped forms lie outside.
            AddressFamily.InterNetworkV6 => GlobalV6.Contains(address) && !SpecialV6.Any(n => n.Contains(address)),
            _ => false,
        };
    }

    /// <summary>The IPv4 address that an IPv6 one stands for; else the address itself.</summary>
    public static IPAddress Unwrap(IPAddress address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4(),
        { AddressFamily: AddressFamily.InterNetworkV6 } when Nat64.Contains(address) => new IPAddress(address.GetAddressBytes().AsSpan(12)),
        _ => address,
    };

    private static IPNetwork[] Networks(params string[] networks) => [.. networks.Select(IPNetwork.Parse)];
}
