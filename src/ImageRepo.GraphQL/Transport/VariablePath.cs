using System.Globalization;

namespace ImageRepo.GraphQL.Transport;

/// <summary>Places in a request's variables, as in `variables.input.file` or `variables.files.0`.</summary>
internal static class VariablePath
{
    public static void Check(Dictionary<string, object?> variables, string path) => _ = Find(variables, path);

    public static void Set(Dictionary<string, object?> variables, string path, object? value)
    {
        switch (Find(variables, path))
        {
            case (Dictionary<string, object?> fields, string name):
                fields[name] = value;
                break;
            case (List<object?> items, string index):
                items[int.Parse(index, CultureInfo.InvariantCulture)] = value;
                break;
        }
    }

    private static (object Container, string Last) Find(Dictionary<string, object?> variables, string? path)
    {
        var names = (path ?? "").Split('.');
        if (names[0] != "variables")
        {
            throw new BadRequestException("HC0042", "The variable path must start with `variables`.");
        }
        if (names.Length < 2 || names.Any(n => n.Length == 0))
        {
            throw new BadRequestException("HC0041", $"Invalid variable path `{path}` in `map`.");
        }
        object? container = variables;
        foreach (var name in names[1..^1])
        {
            container = Step(container, name, path);
        }
        // The place itself must be there too: by the specification the file's value in `operations` is null.
        return Step(container, names[^1], path) is null or ReceivedFile
            ? (container!, names[^1])
            : throw new BadRequestException("HC0040", $"The variable path `{path}` leads to a value that is not null.");
    }

    private static object? Step(object? container, string name, string? path) => container switch
    {
        Dictionary<string, object?> fields when fields.TryGetValue(name, out var value) => value,
        // One way to write each place: `00` would be a second name of `0`.
        List<object?> items when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < items.Count
            && (name.Length == 1 || name[0] != '0') => items[index],
        Dictionary<string, object?> or List<object?> => throw new BadRequestException("HC0039", $"The variable path `{path}` is referring to a variable that does not exist."),
        _ => throw new BadRequestException("HC0040", $"The variable structure does not match the path `{path}`."),
    };
}
