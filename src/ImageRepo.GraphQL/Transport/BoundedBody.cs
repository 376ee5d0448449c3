using Microsoft.AspNetCore.Http;

namespace ImageRepo.GraphQL.Transport;

internal static class BoundedBody
{
    /// <exception cref="BadRequestException">HC0010, with status 413: more bytes than the limit; the rest is not read.</exception>
    public static async Task<byte[]> ReadAsync(Stream body, int maxBytes, string message, CancellationToken cancellationToken)
    {
        using var read = new MemoryStream();
        var buffer = new byte[16 << 10];
        int count;
        while ((count = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (read.Length + count > maxBytes)
            {
                throw new BadRequestException("HC0010", message, StatusCodes.Status413PayloadTooLarge);
            }
            read.Write(buffer, 0, count);
        }
        return read.ToArray();
    }
}
