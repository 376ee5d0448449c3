using ImageRepo.Web.Export;
using ImageRepo.Web.Pages;
using ImageRepo.Web.Schema;
using Microsoft.AspNetCore.Mvc;

namespace ImageRepo.Web.Hosting;

internal static class PageHosting
{
    /// <summary>The hidden field of every form, without which it changes nothing.</summary>
    public const string TokenField = "requestVerificationToken";

    public static void AddPages(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddExceptionHandler<OutageAnswer>();
        services.AddExceptionHandler<GoneAccountAnswer>();
        services.AddStrictCookies();
        services.AddScoped<PageSchema>();
        services.AddScoped<UploadForm>();
        services.AddScoped<AccountArchive>();
        services.AddScoped<ExportedAccount>();
        services.AddScoped<ExportedImages>();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "imagerepo.antiforgery";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.FormFieldName = TokenField;
        });
        services.AddRazorPages(options =>
        {
            options.Conventions.AuthorizeFolder("/Images");
            options.Conventions.AuthorizePage("/Upload");
            options.Conventions.AuthorizePage("/Import");
            options.Conventions.AuthorizePage("/Trash");
            options.Conventions.AuthorizePage("/Developer");
            options.Conventions.AuthorizePage("/Account/External/Index");
            options.Conventions.AuthorizeFolder("/Developer");
            options.Conventions.AuthorizePage("/Connect/Verify");
        }).AddMvcOptions(options => options.Filters.Add(new ResponseCacheAttribute { NoStore = true }));
        services.Configure<CookieTempDataProviderOptions>(options =>
        {
            options.Cookie.Name = "imagerepo.notice";
            options.Cookie.SameSite = SameSiteMode.Lax;
        });
    }

    public static void MapPages(this WebApplication app)
    {
        app.MapStaticAssets().ShortCircuit();
        app.MapClientGuide();
        app.MapRazorPages().WithStaticAssets();
    }
}
