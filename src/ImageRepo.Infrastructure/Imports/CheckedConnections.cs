using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Imports;

/// <summary>Asks for the addresses of a host.</summary>
internal delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancellationToken);

/// <summary>The host has an address that may not be fetched from, or the port is none that may.</summary>
internal sealed class ForbiddenAddressException() : Exception("The address is not allowed.");

/// <summary>
/// Opens connections to checked addresses alone. The address that was checked is the one that is connected to: a name that is asked for
/// twice may have two answers.
/// </summary>
internal sealed class CheckedConnections(ResolveHost resolve, IOptions<ImportOptions> options)
{
    private readonly IPNetwork[] _allowed = [.. NetworkList.Parse(options.Value.AllowedNetworks)];

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="ForbiddenAddressException">One of the host's addresses is forbidden; nothing was sent to any.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellationToken);
        if (addresses.Any(address => !Allows(address, port)))
        {
            throw new ForbiddenAddressException();
        }
        SocketException? failure = null;
        foreach (var address in addresses)
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            }
            catch (SocketException unreachable)
            {
                // The next one may answer, as where a machine has no route to IPv6.
                failure = unreachable;
            }
        }
        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    private bool Allows(IPAddress address, int port) =>
        _allowed.Any(n => n.Contains(PublicAddresses.Unwrap(address))) || (port is 80 or 443 && PublicAddresses.Includes(address));

    private static async Task<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
