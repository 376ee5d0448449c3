namespace ImageRepo.Domain.Uploads;

/// <summary>Makes the addresses that parts are sent to: by PUT, without any other credential, until the upload expires.</summary>
public interface IPartTargets
{
    /// <summary>The length of the part is signed: fewer or more bytes are refused.</summary>
    PartTarget Create(Upload upload, int part);
}

/// <param name="Url">Absolute, or relative to the address at which the product is reached.</param>
/// <param name="Headers">To be sent with the part, as they stand here.</param>
public sealed record PartTarget(Uri Url, IReadOnlyDictionary<string, string> Headers);
