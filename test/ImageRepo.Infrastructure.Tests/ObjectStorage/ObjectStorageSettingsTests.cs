using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.ObjectStorage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

public sealed class ObjectStorageSettingsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task With_nothing_but_a_folder_the_store_works_and_survives_a_restart()
    {
        var key = ObjectKey.Parse("originals/a/b");
        string link;
        using (var host = await StartAsync())
        {
            await host.Services.GetRequiredService<IObjectStore>().PutAsync(key, new MemoryStream([1, 2, 3]), "image/png", default);
            link = host.Services.GetRequiredService<IContentLinks>().Create(key).Url.OriginalString;
            await host.StopAsync();
        }
        using var restarted = await StartAsync();
        await using var stored = await restarted.Services.GetRequiredService<IObjectStore>().OpenReadAsync(key, default);
        Assert.Equal(3, stored?.Length);
        Assert.True(restarted.Services.GetRequiredService<ContentTokens>().TryRead(link["/content/".Length..], out _));
        Assert.True(File.Exists(_directory.Combine("keys", "master.key")));
        await restarted.StopAsync();
    }

    [Fact]
    public async Task A_configured_master_key_is_used_and_none_is_written()
    {
        var key = MasterKey.Generate();
        using var host = await StartAsync(("Encryption:MasterKey", key.ToBase64()));

        Assert.Equal(key.Id, host.Services.GetRequiredService<MasterKeyRing>().Current.Id);
        Assert.Empty(_directory.Files());
        await host.StopAsync();
    }

    [Theory]
    [InlineData("c2hvcnQtc2VjcmV0", "holds 12 bytes")]
    [InlineData("correct horse battery staple", "is not Base64")]
    public async Task A_wrong_master_key_stops_the_start_and_is_named_but_not_shown(string value, string problem)
    {
        var e = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(("Encryption:MasterKey", value)));

        Assert.Contains("Encryption:MasterKey " + problem, e.Message);
        Assert.Contains("openssl rand -base64 32", e.Message);
        Assert.DoesNotContain(value, e.ToString());
    }

    [Fact]
    public async Task A_master_key_that_is_not_that_of_the_objects_stops_the_start()
    {
        using (var host = await StartAsync())
        {
            await host.Services.GetRequiredService<IObjectStore>().PutAsync(ObjectKey.Parse("originals/a/b"), new MemoryStream([1]), "image/png", default);
            await host.StopAsync();
        }
        var e = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(("Encryption:MasterKey", MasterKey.Generate().ToBase64())));
        Assert.Contains("Encryption:MasterKey", e.Message);
    }

    [Theory]
    [InlineData("Storage:Provider", "Floppy", "FileSystem, S3")]
    [InlineData("Links:Lifetime", "00:00:00", "00:30:00")]
    [InlineData("Links:Lifetime", "30", "hours:minutes:seconds")]
    [InlineData("Links:Lifetime", "soon", "")]
    [InlineData("DataDirectory", "/dev/null/data", "write to")]
    public async Task A_wrong_setting_stops_the_start_and_says_what_is_right(string setting, string value, string right)
    {
        var e = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync((setting, value)));

        Assert.Contains(setting, e.Message);
        Assert.Contains(right, e.Message);
    }

    [Fact]
    public async Task The_provider_may_be_written_in_any_case()
    {
        using var host = await StartAsync(("Storage:Provider", "filesystem"));
        await host.StopAsync();
    }

    [Fact]
    public void A_data_directory_is_absolute_and_made_for_its_owner_alone()
    {
        var data = new DataDirectory(Path.GetRelativePath(Environment.CurrentDirectory, _directory.Combine("new")));

        Assert.Equal(_directory.Combine("new"), data.Path);
        Assert.Equal(_directory.Combine("new", "postgres", "17"), data.Combine("postgres", "17"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, TemporaryDirectory.ModeOf(data.Path));
    }

    private async Task<IHost> StartAsync(params (string Setting, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["DataDirectory"] = _directory.Path;
        foreach (var (setting, value) in settings)
        {
            builder.Configuration[setting] = value;
        }
        builder.Services.AddObjectStorage(builder.Configuration);
        var host = builder.Build();
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }
}
