using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace ImageRepo.Web.Identity.Tokens;

/// <summary>Audit lines of the endpoints for programs. What came with a refused request is anybody's text, so none of it is written.</summary>
internal static class TokenAudit
{
    // Just before the answer is written, which ends the handlers' turn.
    private static readonly int Last = OpenIddictServerHandlers.Exchange.ApplyTokenResponse<ProcessSignInContext>.Descriptor.Order - 500;

    public static IEnumerable<OpenIddictServerHandlerDescriptor> Handlers { get; } =
    [
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>().UseSingletonHandler<Issued>().SetOrder(Last).Build(),
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyTokenResponseContext>().UseSingletonHandler<Refused>().SetOrder(int.MinValue + 1_000).Build(),
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyRevocationResponseContext>().UseSingletonHandler<Revoked>().SetOrder(int.MinValue + 1_000).Build(),
    ];

    private sealed class Issued(AuditLog audit) : IOpenIddictServerHandler<ProcessSignInContext>
    {
        public ValueTask HandleAsync(ProcessSignInContext context)
        {
            if (context.EndpointType is OpenIddictServerEndpointType.Token)
            {
                audit.Write(AuditEvent.TokenIssued, Guid.TryParse(context.Principal?.GetClaim(Claims.Subject), out var account) ? account : null, context.Request.ClientId, context.Request.GrantType);
            }
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Refused(AuditLog audit) : IOpenIddictServerHandler<ApplyTokenResponseContext>
    {
        public ValueTask HandleAsync(ApplyTokenResponseContext context)
        {
            // A device asks every few seconds until its person has answered; that is no refusal.
            if (context.Error is { } error and not (Errors.AuthorizationPending or Errors.SlowDown))
            {
                audit.Write(AuditEvent.TokenRefused, by: error);
            }
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Revoked(AuditLog audit) : IOpenIddictServerHandler<ApplyRevocationResponseContext>
    {
        public ValueTask HandleAsync(ApplyRevocationResponseContext context)
        {
            if (context.Error is null)
            {
                audit.Write(AuditEvent.TokenRevoked, application: context.Request?.ClientId);
            }
            return ValueTask.CompletedTask;
        }
    }
}
