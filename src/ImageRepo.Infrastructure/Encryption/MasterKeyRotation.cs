using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Encryption;

/// <summary>
/// Puts a new master key in the place of the present one and seals anew what that one sealed. What is encrypted under the sealed keys stays as it is.
/// The product may run meanwhile: it takes the new key by itself, and opens with either.
/// </summary>
public sealed class MasterKeyRotation
{
    private readonly EncryptionOptions _options;
    private readonly MasterKeyFile _file;
    private readonly MasterKeyRing _keys;
    private readonly IEnumerable<ISealedSecrets> _secrets;

    internal MasterKeyRotation(IOptions<EncryptionOptions> options, MasterKeyFile file, MasterKeyRing keys, IEnumerable<ISealedSecrets> secrets) =>
        (_options, _file, _keys, _secrets) = (options.Value, file, keys, secrets);

    /// <summary>The key in use is a setting, so that only its owner can change it.</summary>
    public bool KeyIsSetting => !string.IsNullOrWhiteSpace(_options.MasterKey);

    /// <summary>The id of the key in use.</summary>
    public string CurrentKey => _keys.Current.ToString();

    /// <summary>Makes the new key, unless an earlier call did and was interrupted.</summary>
    /// <exception cref="InvalidOperationException">The key is a setting.</exception>
    public async Task ReplaceKeyAsync(CancellationToken cancellationToken)
    {
        if (KeyIsSetting)
        {
            throw new InvalidOperationException("The master key is a setting.");
        }
        if (_file.PrepareNext())
        {
            // Until every node that runs opens with the new key: no node seals with a key that another does not know.
            await Task.Delay(2 * MasterKeyRing.Lag, cancellationToken);
            _file.UseNext();
        }
        // And until each of them seals with it.
        await Task.Delay(2 * MasterKeyRing.Lag, cancellationToken);
    }

    /// <summary>Seals anew, and looks until there is nothing left. Interrupted, it goes on with the next call.</summary>
    /// <param name="report">Told of each kind and how many.</param>
    /// <exception cref="InvalidDataException">Something can't be opened, by whichever key is here.</exception>
    public async Task ResealAsync(Action<string, long> report, CancellationToken cancellationToken)
    {
        List<string> failures = [];
        foreach (var secrets in _secrets)
        {
            try
            {
                var total = 0L;
                while (await secrets.ResealAsync(cancellationToken) is > 0 and var resealed)
                {
                    total += resealed;
                }
                report(secrets.Name, total);
            }
            catch (InvalidDataException failure)
            {
                // What is damaged must not keep the rest under the old key.
                failures.Add(failure.Message);
            }
        }
        if (failures is not [])
        {
            throw new InvalidDataException(string.Join(' ', failures));
        }
        if (!KeyIsSetting)
        {
            _file.EndRotation();
        }
    }
}
