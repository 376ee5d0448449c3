using System.Globalization;
using System.Runtime.CompilerServices;
using GraphQL;
using GraphQL.Types;

namespace ImageRepo.GraphQL.Costs;

/// <summary>What a field's directives say, read once; what they don't say is as the draft specification of cost directives has it.</summary>
internal sealed record FieldCost(double Weight, bool IsObject, bool IsList, int AssumedSize, int? DefaultSize, IReadOnlyList<string> SlicingArguments, IReadOnlyList<string> SizedFields)
{
    private static readonly ConditionalWeakTable<FieldType, FieldCost> Known = [];

    public static FieldCost Of(FieldType field) => Known.GetValue(field, Read);

    /// <summary>The weight of an argument or of an input's field: that of an input object is 1 unless it says otherwise.</summary>
    public static double OfInput(IMetadataReader input, IGraphType type) => Weighed(input) ?? (type.GetNamedType() is IInputObjectGraphType ? 1 : 0);

    private static FieldCost Read(FieldType field)
    {
        var isObject = field.ResolvedType!.GetNamedType() is not (ScalarGraphType or EnumerationGraphType);
        var isList = (field.ResolvedType is NonNullGraphType required ? required.ResolvedType : field.ResolvedType) is ListGraphType;
        var size = field.GetAppliedDirectives()?.Find(ListSizeDirective.DirectiveName);
        return new FieldCost(
            Weighed(field) ?? (isObject || isList ? 1 : 0),
            isObject,
            isList,
            size?.FindArgument(ListSizeDirective.AssumedSize)?.Value as int? ?? 1,
            size?.FindArgument(ListSizeDirective.SlicingArgumentDefaultValue)?.Value as int?,
            size?.FindArgument(ListSizeDirective.SlicingArguments)?.Value as string[] ?? [],
            size?.FindArgument(ListSizeDirective.SizedFields)?.Value as string[] ?? []);
    }

    private static double? Weighed(IMetadataReader part) =>
        part.GetAppliedDirectives()?.Find(CostDirective.DirectiveName)?.FindArgument(CostDirective.Weight)?.Value is string weight
            ? double.Parse(weight, CultureInfo.InvariantCulture)
            : null;
}
