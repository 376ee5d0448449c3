using GraphQL;
using GraphQL.Execution;

namespace ImageRepo.GraphQL.Errors;

/// <summary>What clients see of an error: its message in Hot Chocolate's words and its code. Never an exception's type or trace.</summary>
internal sealed class SchemaErrorInfo : IErrorInfoProvider
{
    public const string Unexpected = "Unexpected Execution Error";

    public ErrorInfo GetInfo(ExecutionError error)
    {
        var (message, code) = Describe(error);
        var extensions = new Dictionary<string, object?>();
        if (code is not null)
        {
            extensions.Add("code", code);
        }
        // Only what this product's own errors carry; the engine's would hold the text of exceptions.
        if (error.GetType() == typeof(ExecutionError))
        {
            foreach (var (name, value) in error.Extensions ?? [])
            {
                extensions.TryAdd(name, value);
            }
        }
        return new ErrorInfo { Message = message, Extensions = extensions.Count > 0 ? extensions : null };
    }

    public static (string Message, string? Code) Describe(ExecutionError error) => error switch
    {
        UnhandledError => (Unexpected, null),
        SyntaxError syntax => (RuleMessages.Syntax(syntax), "HC0011"),
        global::GraphQL.Validation.InvalidVariableError variable => RuleMessages.Variable(variable),
        global::GraphQL.Validation.ValidationError rule => (RuleMessages.Rule(rule.Message), null),
        InvalidOperationNameError => ("The specified operation cannot be found.", null),
        NoOperationError => ("The document does not contain any operation.", null),
        InvalidOperationError => ("The schema does not support operations of this kind.", null),
        _ when error.GetType() == typeof(ExecutionError) => (error.Message, error.Code),
        _ => (Unexpected, null),
    };
}
