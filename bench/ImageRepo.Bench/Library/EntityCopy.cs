using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace ImageRepo.Bench.Library;

/// <summary>Writes entities by COPY, each column as EF Core's model of the product would write it.</summary>
internal sealed class EntityCopy<T> : IAsyncDisposable where T : class
{
    private readonly NpgsqlBinaryImporter _import;
    private readonly List<Column> _columns;

    private EntityCopy(NpgsqlBinaryImporter import, List<Column> columns) => (_import, _columns) = (import, columns);

    /// <param name="shadow">What the columns hold that are no members of the entity.</param>
    public static async Task<EntityCopy<T>> BeginAsync(NpgsqlConnection connection, IModel model, Dictionary<string, Func<T, object?>>? shadow = null)
    {
        var type = model.FindEntityType(typeof(T))!;
        var columns = type.GetFlattenedProperties()
            .Where(p => p.GetComputedColumnSql() is null && (p.ValueGenerated & ValueGenerated.OnUpdate) == 0)
            .Select(p => new Column(p.GetColumnName(), p.GetRelationalTypeMapping().StoreTypeNameBase, Reader(p, shadow ?? []))).ToList();
        var import = await connection.BeginBinaryImportAsync(
            $"copy {type.GetTableName()} ({string.Join(", ", columns.Select(c => c.Name))}) from stdin (format binary)");
        import.Timeout = TimeSpan.FromMinutes(30);
        return new EntityCopy<T>(import, columns);
    }

    public void Write(T entity)
    {
        _import.StartRow();
        foreach (var column in _columns)
        {
            if (column.Read(entity) is { } value)
            {
                _import.Write(value, column.Type);
            }
            else
            {
                _import.WriteNull();
            }
        }
    }

    public async Task CompleteAsync() => await _import.CompleteAsync();

    public ValueTask DisposeAsync() => _import.DisposeAsync();

    private static Func<T, object?> Reader(IProperty property, Dictionary<string, Func<T, object?>> shadow)
    {
        Func<T, object?> read = property.DeclaringType is IComplexType part
            ? entity => part.ComplexProperty.PropertyInfo!.GetValue(entity) is { } owner ? property.PropertyInfo!.GetValue(owner) : null
            : shadow.GetValueOrDefault(property.Name) ?? (entity => property.PropertyInfo!.GetValue(entity));
        var converter = property.GetTypeMapping().Converter;
        return converter is null ? read : entity => converter.ConvertToProvider(read(entity));
    }

    private sealed record Column(string Name, string Type, Func<T, object?> Read);
}
