using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using ImageRepo.Testing;
using ImageRepo.Web.Tests.Api;
using ImageRepo.Web.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageRepo.Web.Tests.Processes;

[Collection(ProcessCollection.Name)]
[Trait("Category", "Full")]
public sealed class ResumedUploadTests(ChromiumBrowser browser) : IClassFixture<ChromiumBrowser>
{
    private const long TwoGigabytes = 2L << 30;
    private const long AllowedMemory = 400 << 20;

    [Fact]
    public async Task Two_gigabytes_arrive_though_the_app_is_killed_in_the_middle_and_memory_stays_small()
    {
        await using var app = await BuiltApp.StartAsync(("Limits__UploadBytes", $"{TwoGigabytes}"), ("Roles", "web"));
        var photo = Photos.Variant(Repository.Photo("nuthatch.jpg"));
        byte[] Read(long offset, int length) => Bytes(photo, offset, length);
        string id;
        using (var person = await app.SignUpAsync("patient"))
        {
            var upload = await new PartsClient(person).BeginAsync(TwoGigabytes);
            id = upload.GetProperty("id").GetString()!;
            var sent = 0;
            var sending = PartsClient.SendMissingAsync(upload, TwoGigabytes, (offset, length) =>
            {
                Interlocked.Increment(ref sent);
                return Read(offset, length);
            });
            while (Volatile.Read(ref sent) < 100 && !sending.IsCompleted)
            {
                await Task.Delay(20);
            }
            await app.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => sending);
        }

        await app.StartAgainAsync();
        using (var person = app.Visit())
        {
            using var signedIn = await person.SignInAsync("patient", ImageRepoClient.Password);
            var parts = new PartsClient(person);
            await File.WriteAllTextAsync($"/proc/{app.ProcessId}/clear_refs", "5");
            var before = app.PeakMemory;
            var resumed = await parts.BeginAsync(TwoGigabytes, id);
            var received = resumed.GetProperty("parts").EnumerateArray().Count(p => p.GetProperty("isReceived").GetBoolean());
            Assert.InRange(received, 90, 255);
            await PartsClient.SendMissingAsync(resumed, TwoGigabytes, Read);
            var completed = await parts.CompleteAsync(resumed);

            Assert.Equal(JsonValueKind.Null, completed.GetProperty("errors").ValueKind);
            Assert.Equal(ExpectedHash(photo), completed.GetProperty("image").GetProperty("contentHash").GetString());
            Assert.True(app.PeakMemory - before < AllowedMemory, $"{app.PeakMemory >> 20} MiB at most, {before >> 20} before.");
        }
        Assert.Empty(app.Errors());
    }

    [Fact]
    public async Task The_page_goes_on_when_the_server_is_back()
    {
        var port = FreePort();
        await using var app = await BuiltApp.StartAsync(("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"), ("Roles", "web"));
        await using var tab = await browser.OpenAsync(new Uri($"http://127.0.0.1:{port}"));
        await tab.SignUpAsync("steadfast");
        await tab.Page.GotoAsync("/upload");
        // The first part passes; the second waits until the server is gone.
        var (parts, reached, gone) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        await tab.Page.RouteAsync("**/uploads/*", async route =>
        {
            if (Interlocked.Increment(ref parts) == 2)
            {
                reached.SetResult();
                await gone.Task;
            }
            await route.ContinueAsync();
        });

        await tab.Page.GetByLabel("Choose photos").SetInputFilesAsync(new FilePayload { Name = "large.jpg", MimeType = "image/jpeg", Buffer = LargeUploadTests.LargePhoto() });
        await reached.Task;
        await app.KillAsync();
        gone.SetResult();
        await Expect(tab.Page.GetByText("The connection was lost. Trying again…")).ToBeVisibleAsync();
        await app.StartAgainAsync();

        await Expect(tab.Page.GetByText("1 of 1 uploaded")).ToBeVisibleAsync(new() { Timeout = 120_000 });
    }

    /// <summary>The photo, then bytes that follow from their place.</summary>
    private static byte[] Bytes(byte[] photo, long offset, int length)
    {
        var bytes = new byte[length];
        new Random((int)(offset >> 20)).NextBytes(bytes);
        if (offset < photo.Length)
        {
            photo.AsSpan((int)offset).CopyTo(bytes);
        }
        return bytes;
    }

    private static string ExpectedHash(byte[] photo)
    {
        const int part = 8 << 20;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var offset = 0L; offset < TwoGigabytes; offset += part)
        {
            hash.AppendData(Bytes(photo, offset, part));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
