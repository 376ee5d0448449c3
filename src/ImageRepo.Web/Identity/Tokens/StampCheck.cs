using OpenIddict.Server;
using OpenIddict.Validation;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.Tokens;

/// <summary>Refuses every token and code whose account has got another security stamp since: at the schema, and at the server's own endpoints.</summary>
internal static class StampCheck
{
    private const string Refusal = "The account has signed out everywhere since, has changed its password, or is gone.";

    public static OpenIddictServerHandlerDescriptor OfServer { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<OpenIddictServerEvents.ValidateTokenContext>()
            .UseScopedHandler<ServerHandler>()
            .SetOrder(OpenIddictServerHandlers.Protection.ValidateAuthorizationEntry.Descriptor.Order + 500)
            .Build();

    public static OpenIddictValidationHandlerDescriptor OfValidation { get; } =
        OpenIddictValidationHandlerDescriptor.CreateBuilder<OpenIddictValidationEvents.ValidateTokenContext>()
            .UseScopedHandler<ValidationHandler>()
            .SetOrder(OpenIddictValidationHandlers.Protection.ValidateAuthorizationEntry.Descriptor.Order + 500)
            .Build();

    private sealed class ServerHandler(SecurityStamps stamps) : IOpenIddictServerHandler<OpenIddictServerEvents.ValidateTokenContext>
    {
        public async ValueTask HandleAsync(OpenIddictServerEvents.ValidateTokenContext context)
        {
            if (context.Principal is { } principal && !await stamps.IsCurrentAsync(principal, context.CancellationToken))
            {
                context.Reject(Errors.InvalidToken, Refusal);
            }
        }
    }

    private sealed class ValidationHandler(SecurityStamps stamps) : IOpenIddictValidationHandler<OpenIddictValidationEvents.ValidateTokenContext>
    {
        public async ValueTask HandleAsync(OpenIddictValidationEvents.ValidateTokenContext context)
        {
            if (context.Principal is { } principal && !await stamps.IsCurrentAsync(principal, context.CancellationToken))
            {
                context.Reject(Errors.InvalidToken, Refusal);
            }
        }
    }
}
