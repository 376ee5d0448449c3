using System.Text.RegularExpressions;
using GraphQL.Execution;
using GraphQL.Validation;

namespace ImageRepo.GraphQL.Errors;

/// <summary>The engine's messages about documents and variables, said as Hot Chocolate says them: without suggestions of names.</summary>
internal static partial class RuleMessages
{
    private static readonly (Regex Pattern, string Message)[] Rules =
    [
        (CannotQuery(), "The field `$1` does not exist on the type `$2`."),
        (UnknownArgument(), "The argument `$1` does not exist."),
        (MissingArgument(), "The argument `$1` is required."),
        (BadArgument(), "The specified argument value of `$1` does not match the argument type."),
        (BadLiteral(), "The specified argument value of `$1` does not match the argument type."),
        (NoSubselection(), "`$1` returns a scalar value. Selections on scalars or enums are never allowed, because they are the leaf nodes of any GraphQL operation."),
        (Subselection(), "`$1` is an object, interface or union type field. Leaf selections on objects, interfaces, and unions without subfields are disallowed."),
        (UnknownDirective(), "The specified directive `$1` is not supported by the current schema."),
        (DirectiveLocation(), "The specified directive is not valid the current location."),
        (UnknownFragment(), "The specified fragment `$1` does not exist."),
        (UnusedFragment(), "The specified fragment `$1` is not used within the current document."),
        (UnknownType(), "Unknown type `$1`."),
        (UndefinedVariable(), "The following variables were not declared: $1."),
        (UnusedVariable(), "The following variables were not used: $1."),
        (VariablePosition(), "The variable `$1` is not compatible with the type of the current location."),
        (Conflict(), "Encountered fields for the same object that cannot be merged."),
    ];

    public static string Rule(string message)
    {
        foreach (var (pattern, words) in Rules)
        {
            if (pattern.Match(message) is { Success: true } match)
            {
                return match.Result(words);
            }
        }
        return Suggestion().Replace(message, "").Replace('\'', '`');
    }

    public static (string Message, string Code) Variable(InvalidVariableError error)
    {
        var match = InvalidVariable().Match(error.Message);
        var (name, reason) = (match.Groups[1].Value, match.Groups[2].Value);
        if (reason.StartsWith("No value provided", StringComparison.Ordinal) || reason.StartsWith("Received a null", StringComparison.Ordinal))
        {
            return ($"Variable `{name}` is required.", "HC0018");
        }
        return reason.StartsWith("Unrecognized input fields", StringComparison.Ordinal)
            ? ($"Variable `{name}` got an invalid value. {reason.Replace('\'', '`')}", "HC0016")
            : ($"Variable `{name}` got an invalid value.", "HC0016");
    }

    /// <summary>The first line; what follows is an excerpt of the document with a pointer to the place.</summary>
    public static string Syntax(SyntaxError error)
    {
        var message = error.Message.Replace("Error parsing query: ", "", StringComparison.Ordinal);
        return message.Split('\n', 2)[0].Trim();
    }

    [GeneratedRegex("^Cannot query field '([^']*)' on type '([^']*)'")]
    private static partial Regex CannotQuery();

    [GeneratedRegex("^Unknown argument '([^']*)'")]
    private static partial Regex UnknownArgument();

    [GeneratedRegex("^Argument '([^']*)' of type '.*' is required")]
    private static partial Regex MissingArgument();

    [GeneratedRegex("^Argument '([^']*)' has invalid value")]
    private static partial Regex BadArgument();

    [GeneratedRegex("^Invalid literal for argument '([^']*)'")]
    private static partial Regex BadLiteral();

    [GeneratedRegex("^Field (\\w+) of type .* must not have a sub selection")]
    private static partial Regex NoSubselection();

    [GeneratedRegex("^Field (\\w+) of type .* must have a sub selection")]
    private static partial Regex Subselection();

    [GeneratedRegex("^Unknown directive '([^']*)'")]
    private static partial Regex UnknownDirective();

    [GeneratedRegex("^Directive '.*' may not be used on")]
    private static partial Regex DirectiveLocation();

    [GeneratedRegex("^Unknown fragment '([^']*)'")]
    private static partial Regex UnknownFragment();

    [GeneratedRegex("^Fragment '([^']*)' is never used")]
    private static partial Regex UnusedFragment();

    [GeneratedRegex("^Unknown type '?([\\w]+)")]
    private static partial Regex UnknownType();

    [GeneratedRegex("^Variable '\\$([^']*)' is not defined")]
    private static partial Regex UndefinedVariable();

    [GeneratedRegex("^Variable '\\$([^']*)' is never used")]
    private static partial Regex UnusedVariable();

    [GeneratedRegex("^Variable '\\$([^']*)' of type '.*' used in position")]
    private static partial Regex VariablePosition();

    [GeneratedRegex("^Fields \\S+ conflicts? because")]
    private static partial Regex Conflict();

    [GeneratedRegex("\\s*Did you mean.*$", RegexOptions.Singleline)]
    private static partial Regex Suggestion();

    [GeneratedRegex("^Variable '\\$(.*?)' is invalid\\. (.*)$", RegexOptions.Singleline)]
    private static partial Regex InvalidVariable();
}
