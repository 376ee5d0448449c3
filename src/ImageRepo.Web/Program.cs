using ImageRepo.GraphQL;
using ImageRepo.Infrastructure;
using ImageRepo.Web.Commands;
using ImageRepo.Web.Content;
using ImageRepo.Web.Hosting;
using ImageRepo.Web.Identity;
using ImageRepo.Web.Playground;

var commandLine = CommandLine.Read(args);
var builder = WebApplication.CreateBuilder(commandLine.Settings);
builder.AddServer("http://localhost:5080");
builder.Services.AddInfrastructure(builder.Configuration);
builder.Services.AddImageRepoGraphQL(builder.Configuration);
builder.Services.AddAccounts(builder.Configuration);
builder.Services.AddPages();
builder.Services.AddProxy(builder.Configuration);
builder.Services.AddCrossOrigin(builder.Configuration);
builder.Services.AddProbes();
builder.Services.AddGreeting();
if (!commandLine.Serves)
{
    return await commandLine.RunAsync(builder);
}
var app = builder.Build();
return await app.RunOrExplainAsync(() =>
{
    app.UseProxy();
    app.UseNodeRoles();
    app.UseErrorPages();
    app.UseSecurityHeaders();
    app.UseRouting();
    app.UseCrossOrigin();
    app.UseCallers();
    app.MapProbes();
    app.MapContent();
    app.MapImageRepoGraphQL();
    app.MapAccounts();
    app.MapPlayground();
    app.MapPages();
});
