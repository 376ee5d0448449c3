using ImageRepo.Domain.Accounts;

namespace ImageRepo.Domain.Imports;

/// <summary>Bounds how many imports of one owner are under way at once on this node. An import waits for strangers, for minutes if they like.</summary>
public sealed class ImportTurns(int perOwner)
{
    private readonly Dictionary<OwnerId, int> _underWay = [];

    /// <summary>Takes a turn, which ends when it is disposed.</summary>
    /// <exception cref="TooManyImportsException">All are taken.</exception>
    public IDisposable Take(OwnerId owner)
    {
        lock (_underWay)
        {
            var taken = _underWay.GetValueOrDefault(owner);
            if (taken >= perOwner)
            {
                throw new TooManyImportsException(perOwner);
            }
            _underWay[owner] = taken + 1;
        }
        return new Turn(this, owner);
    }

    private void End(OwnerId owner)
    {
        lock (_underWay)
        {
            if (--_underWay[owner] == 0)
            {
                _underWay.Remove(owner);
            }
        }
    }

    private sealed class Turn(ImportTurns turns, OwnerId owner) : IDisposable
    {
        private ImportTurns? _turns = turns;

        public void Dispose() => Interlocked.Exchange(ref _turns, null)?.End(owner);
    }
}
