using System.Collections.Concurrent;
using System.Globalization;
using GraphQL;
using GraphQL.Types;

namespace ImageRepo.GraphQL.Costs;

/// <summary>What a field's directives say, read once.</summary>
internal sealed record FieldCost(int Weight, bool IsObject, int AssumedSize, int? DefaultSize, IReadOnlyList<string> SlicingArguments, IReadOnlyList<string> SizedFields)
{
    private static readonly ConcurrentDictionary<FieldType, FieldCost> Known = new();

    public static FieldCost Of(FieldType field) => Known.GetOrAdd(field, Read);

    private static FieldCost Read(FieldType field)
    {
        var isObject = field.ResolvedType!.GetNamedType() is not (ScalarGraphType or EnumerationGraphType);
        var directives = field.GetAppliedDirectives();
        var weight = directives?.Find(CostDirective.DirectiveName)?.FindArgument(CostDirective.Weight)?.Value as string;
        var size = directives?.Find(ListSizeDirective.DirectiveName);
        return new FieldCost(
            // As Hot Chocolate counts by default.
            weight is null ? isObject ? 1 : 0 : int.Parse(weight, CultureInfo.InvariantCulture),
            isObject,
            size?.FindArgument(ListSizeDirective.AssumedSize)?.Value as int? ?? 1,
            size?.FindArgument(ListSizeDirective.SlicingArgumentDefaultValue)?.Value as int?,
            size?.FindArgument(ListSizeDirective.SlicingArguments)?.Value as string[] ?? [],
            size?.FindArgument(ListSizeDirective.SizedFields)?.Value as string[] ?? []);
    }
}
