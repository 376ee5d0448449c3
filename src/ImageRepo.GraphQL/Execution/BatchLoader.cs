using GraphQL.DataLoader;

namespace ImageRepo.GraphQL.Execution;

/// <summary>Collects the keys that one level of a query asks for and fetches them together.</summary>
internal abstract class BatchLoader<TKey, TValue> where TKey : notnull where TValue : class
{
    private List<TKey> _wanted = [];
    private readonly Dictionary<TKey, TValue?> _loaded = [];

    protected IDataLoaderResult<TValue?> Load(TKey key)
    {
        if (!_loaded.ContainsKey(key))
        {
            _wanted.Add(key);
        }
        return new Result(this, key);
    }

    /// <summary>Fetches anew what is asked for from now on.</summary>
    protected void Forget() => _loaded.Clear();

    protected abstract Task<IReadOnlyDictionary<TKey, TValue>> FetchAsync(IReadOnlyCollection<TKey> keys, CancellationToken cancellationToken);

    private async Task<TValue?> GetAsync(TKey key, CancellationToken cancellationToken)
    {
        if (!_loaded.ContainsKey(key))
        {
            var wanted = _wanted.Append(key).Distinct().ToList();
            _wanted = [];
            var found = await FetchAsync(wanted, cancellationToken);
            wanted.ForEach(k => _loaded[k] = found.GetValueOrDefault(k));
        }
        return _loaded[key];
    }

    private sealed class Result(BatchLoader<TKey, TValue> loader, TKey key) : IDataLoaderResult<TValue?>
    {
        public Task<TValue?> GetResultAsync(CancellationToken cancellationToken = default) => loader.GetAsync(key, cancellationToken);

        async Task<object?> IDataLoaderResult.GetResultAsync(CancellationToken cancellationToken) => await loader.GetAsync(key, cancellationToken);
    }
}
