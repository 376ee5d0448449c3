using GraphQL;
using GraphQLParser.AST;

namespace ImageRepo.GraphQL.Execution;

/// <summary>
/// Measures a parsed document before it is validated, since validation takes quadratic time and more for hostile ones and can't be
/// stopped. Each definition is walked once: what a fragment adds up to is remembered, so nested spreads cost nothing.
/// </summary>
internal sealed class DocumentGuard(GraphQLOptions limits)
{
    /// <exception cref="ExecutionError">HC0047, HC0046, or fragments that spread themselves.</exception>
    public DocumentSize Check(GraphQLDocument document) => new Walk(limits, document).Run();

    private readonly record struct Size(long Fields, long Aliases, int Depth)
    {
        /// <summary>Sums stay far below overflow; what is beyond any limit needs no exact number.</summary>
        private const long Enough = 1L << 40;

        public Size With(Size sibling) => new(Math.Min(Fields + sibling.Fields, Enough), Math.Min(Aliases + sibling.Aliases, Enough), Math.Max(Depth, sibling.Depth));
    }

    private sealed class Walk(GraphQLOptions limits, GraphQLDocument document)
    {
        private readonly Dictionary<string, GraphQLFragmentDefinition> _fragments = [];
        private readonly Dictionary<GraphQLFragmentDefinition, Size?> _sizes = [];
        private int _arguments;
        private int _directives;

        public DocumentSize Run()
        {
            // Definitions are compared with one another as fields are.
            Limit(document.Definitions.Count, limits.MaxDirectives, "definitions");
            foreach (var fragment in document.Definitions.OfType<GraphQLFragmentDefinition>())
            {
                _fragments.TryAdd(fragment.FragmentName.Name.StringValue, fragment);
            }
            var (total, largest) = (default(Size), default(Size));
            foreach (var definition in document.Definitions)
            {
                var size = definition switch
                {
                    GraphQLOperationDefinition operation => Operation(operation),
                    GraphQLFragmentDefinition fragment => Fragment(fragment),
                    _ => default,
                };
                // A fragment is validated on its own too, so all together have a limit beside that of each.
                Limit(size.Fields, limits.MaxFields, "fields");
                Limit(size.Aliases, limits.MaxAliases, "aliases");
                Limit(size.Depth, limits.MaxDepth, "levels");
                total = total.With(size);
                largest = new Size(Math.Max(largest.Fields, size.Fields), Math.Max(largest.Aliases, size.Aliases), size.Depth);
            }
            Limit(total.Fields, limits.MaxFieldsOfAll, "fields in all its definitions");
            return new DocumentSize(largest.Fields, total.Fields, largest.Aliases, _directives, _arguments);
        }

        private Size Operation(GraphQLOperationDefinition operation)
        {
            Directives(operation.Directives);
            foreach (var variable in operation.Variables?.Items ?? [])
            {
                Argument();
                Directives(variable.Directives);
                Value(variable.DefaultValue, 0);
            }
            return Selections(operation.SelectionSet, 1);
        }

        private Size Fragment(GraphQLFragmentDefinition fragment)
        {
            if (_sizes.TryGetValue(fragment, out var known))
            {
                return known ?? throw new ExecutionError(
                    "The graph of fragment spreads must not form any cycles including spreading itself. Otherwise an operation could infinitely spread or infinitely execute on cycles in the underlying data.");
            }
            _sizes[fragment] = null;
            Directives(fragment.Directives);
            var size = Selections(fragment.SelectionSet, 1);
            _sizes[fragment] = size;
            return size;
        }

        /// <param name="level">Of the document's own nesting, which the parser bounds.</param>
        private Size Selections(GraphQLSelectionSet? set, int level)
        {
            if (set is null)
            {
                return default;
            }
            Limit(level, limits.MaxDepth, "levels");
            var sum = default(Size);
            var names = new Dictionary<string, int>();
            foreach (var selection in set.Selections)
            {
                var (name, size) = selection switch
                {
                    GraphQLField field => (ResponseName(field), Field(field, level)),
                    GraphQLFragmentSpread spread => ("..." + spread.FragmentName.Name.StringValue, Spread(spread)),
                    GraphQLInlineFragment inline => ("", Inline(inline, level)),
                    _ => ("", default),
                };
                if (name.Length > 0)
                {
                    Repeated(names, name);
                }
                // Counted on the way too: the sum of an unread rest can only be larger.
                sum = sum.With(size);
                Limit(sum.Fields, limits.MaxFields, "fields");
            }
            return sum with { Depth = sum.Depth + 1 };
        }

        private Size Field(GraphQLField field, int level)
        {
            var name = field.Name.StringValue;
            if (!limits.Introspection && name is "__schema" or "__type")
            {
                throw new ExecutionError("Introspection is not allowed for the current request.") { Code = "HC0046" };
            }
            Directives(field.Directives);
            Arguments(field.Arguments);
            var inner = Selections(field.SelectionSet, level + 1);
            return new Size(inner.Fields + 1, inner.Aliases + (field.Alias is null ? 0 : 1), inner.Depth);
        }

        private Size Spread(GraphQLFragmentSpread spread)
        {
            Directives(spread.Directives);
            var size = _fragments.TryGetValue(spread.FragmentName.Name.StringValue, out var fragment) ? Fragment(fragment) : default;
            // The spread costs something itself, and the fragment stands in the place of it: on the same level.
            return new Size(size.Fields + 1, size.Aliases, Math.Max(0, size.Depth - 1));
        }

        private Size Inline(GraphQLInlineFragment inline, int level)
        {
            Directives(inline.Directives);
            var size = Selections(inline.SelectionSet, level + 1);
            return size with { Fields = size.Fields + 1, Depth = Math.Max(0, size.Depth - 1) };
        }

        private void Directives(GraphQLDirectives? directives)
        {
            var names = new Dictionary<string, int>();
            foreach (var directive in directives?.Items ?? [])
            {
                Limit(++_directives, limits.MaxDirectives, "directives");
                Repeated(names, directive.Name.StringValue);
                Arguments(directive.Arguments);
            }
        }

        private void Arguments(GraphQLArguments? arguments)
        {
            var names = new Dictionary<string, int>();
            foreach (var argument in arguments?.Items ?? [])
            {
                Argument();
                Repeated(names, argument.Name.StringValue);
                Value(argument.Value, 0);
            }
        }

        private void Value(GraphQLValue? value, int level)
        {
            Limit(level, limits.MaxDepth, "levels of input");
            switch (value)
            {
                case GraphQLObjectValue { Fields: { } fields }:
                    var names = new Dictionary<string, int>();
                    foreach (var field in fields)
                    {
                        Argument();
                        Repeated(names, field.Name.StringValue);
                        Value(field.Value, level + 1);
                    }
                    break;
                case GraphQLListValue { Values: { } values }:
                    foreach (var item in values)
                    {
                        Argument();
                        Value(item, level + 1);
                    }
                    break;
            }
        }

        private void Argument() => Limit(++_arguments, limits.MaxArguments, "arguments");

        private void Repeated(Dictionary<string, int> names, string name) =>
            Limit(names[name] = names.GetValueOrDefault(name) + 1, limits.MaxRepetitions, "repetitions of one name");

        private static string ResponseName(GraphQLField field) => (field.Alias?.Name ?? field.Name).StringValue;

        private static void Limit(long count, long max, string what)
        {
            if (count > max)
            {
                throw new ExecutionError($"The document has more {what} than the {max} allowed.") { Code = "HC0047" };
            }
        }
    }
}
