using ImageRepo.Infrastructure;

namespace ImageRepo.Web.Hosting;

internal static class NodeRolesHosting
{
    /// <summary>A node that is a worker alone answers its probes and nothing else.</summary>
    public static void UseNodeRoles(this WebApplication app) => app.UseMiddleware<WorkersDoor>();

    private sealed class WorkersDoor(RequestDelegate next, NodeRoles roles)
    {
        public Task InvokeAsync(HttpContext context)
        {
            if (roles.IsWeb || context.Request.Path.StartsWithSegments("/health"))
            {
                return next(context);
            }
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
    }
}
