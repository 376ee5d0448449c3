using ImageRepo.Domain.Images;

namespace ImageRepo.GraphQL.Mutations;

/// <summary>Reads the fields of an input object, which tells what is null from what is absent.</summary>
internal static class InputFields
{
    public static T Required<T>(this IDictionary<string, object?> fields, string name) => (T)fields[name]!;

    public static T? Optional<T>(this IDictionary<string, object?> fields, string name) => fields.TryGetValue(name, out var value) ? (T?)value : default;

    public static IReadOnlyList<string> Strings(this IDictionary<string, object?> fields, string name) =>
        fields.TryGetValue(name, out var value) && value is IEnumerable<object?> list ? [.. list.Cast<string>()] : [];

    public static Change<T?> Change<T>(this IDictionary<string, object?> fields, string name) =>
        fields.TryGetValue(name, out var value) ? (T?)value : default(Change<T?>);
}
