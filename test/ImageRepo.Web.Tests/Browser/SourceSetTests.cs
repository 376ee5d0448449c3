using System.Globalization;
using ImageRepo.Testing;
using Microsoft.Playwright;
using Image = NetVips.Image;

namespace ImageRepo.Web.Tests.Browser;

/// <summary>Which of the sizes that a page offers a real browser takes: one that is sharp where it is shown, and none that is larger than that needs.</summary>
public sealed class SourceSetTests(ImageRepoApp app, ChromiumBrowser browser) : AppTests<ImageRepoApp>(app), IClassFixture<ChromiumBrowser>
{
    private const string ShownPictures = """
        () => [...document.querySelectorAll('.frame img, .stage img')].map(i => {
            const [shown, place] = [i, i.closest('.frame, .stage')].map(e => e.getBoundingClientRect());
            return {
                width: shown.width, height: shown.height, taken: i.currentSrc, offered: i.srcset, original: Number(i.getAttribute('width')),
                isStage: !!i.closest('.stage'), room: place.width, aside: shown.x + shown.width / 2 - place.x - place.width / 2, low: shown.y + shown.height / 2 - place.y - place.height / 2,
            };
        })
        """;

    [Fact]
    public Task The_size_that_is_taken_is_sharp_and_no_larger_than_it_must_be() => AssertFitAsync(400, 1, ColorScheme.Light);

    [Theory]
    [Trait("Category", "Full")]
    [InlineData(1, ColorScheme.Dark)]
    [InlineData(2, ColorScheme.Light)]
    public Task So_it_is_on_a_wide_screen_of_either_density(float scale, ColorScheme scheme) => AssertFitAsync(1400, scale, scheme);

    private async Task AssertFitAsync(int width, float scale, ColorScheme scheme)
    {
        await using var first = await browser.OpenAsync(App.Address);
        await first.SignUpAsync($"sizes-{width}-{scale}");
        var cookies = await first.Page.Context.CookiesAsync();
        using var person = App.Visit();
        foreach (var cookie in cookies)
        {
            person.Cookies.Add(App.Address, new System.Net.Cookie(cookie.Name, cookie.Value, "/"));
        }
        var pages = new List<string> { "/images" };
        foreach (var (w, h) in ((int, int)[])[(3000, 2000), (1500, 2400), (2400, 1000), (900, 900), (150, 100)])
        {
            pages.Add(ImageRepoClient.PageOf(await person.UploadAsync(Picture(w, h), $"{w} by {h}.jpg")));
        }

        foreach (var page in pages)
        {
            // A browser shows again what it has, however large: each page is looked at by one that has nothing.
            await using var tab = await browser.OpenAsync(App.Address, scheme, width, scale);
            await tab.Page.Context.AddCookiesAsync(cookies.Select(c => new Cookie { Name = c.Name, Value = c.Value, Url = App.Address.ToString() }));
            await tab.Page.GotoAsync(page);
            var pictures = await ShownAsync(tab.Page);
            Assert.Equal(page == "/images" ? 5 : 1, pictures.Count);
            foreach (var picture in pictures)
            {
                await RequireFitAsync(picture, scale, $"{page} at {width}: {picture}");
            }
        }
    }

    private async Task RequireFitAsync(Shown picture, float scale, string told)
    {
        // A small picture has fewer sizes than are asked for.
        var offered = picture.Offered.Split(", ").Select(o => o.Split(' '))
            .Select(o => (Url: new Uri(App.Address, o[0]).ToString(), Width: int.Parse(o[1].TrimEnd('w'), CultureInfo.InvariantCulture)))
            .Distinct().OrderBy(o => o.Width).ToList();
        var taken = Assert.Single(offered, o => o.Url == picture.Taken);
        // Half a pixel is the layout's rounding.
        var needed = picture.Width * scale - 1;
        var best = offered.FirstOrDefault(o => o.Width >= needed, offered[^1]);

        // On dense screens Chromium takes the nearer of two neighbours, by their ratio: a little less than sharp there is its choice.
        Assert.True(
            scale > 1 ? taken.Width <= best.Width && taken.Width >= Math.Min(needed / 2 * Math.Sqrt(2), offered[^1].Width) : taken.Width == best.Width,
            $"{best.Width} was the one to take, not {taken.Width}: {told}");
        Assert.True(picture.Width <= picture.Original + 1, $"Enlarged: {told}");
        Assert.True(picture.IsStage || picture.Width >= Math.Min(picture.Original, picture.Room) - 1, $"Smaller than its tile and than it is: {told}");
        Assert.True(Math.Abs(picture.Aside) <= 1 && Math.Abs(picture.Low) <= 1, $"Not in the middle: {told}");
        using var visitor = App.Visit();
        using var response = await visitor.Http.GetAsync(picture.Taken);
        using var opened = Image.NewFromBuffer(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(taken.Width, opened.Width);
    }

    /// <summary>Pictures further down are loaded when they come into view.</summary>
    private static async Task<IReadOnlyList<Shown>> ShownAsync(IPage page)
    {
        foreach (var picture in await page.Locator(".frame img, .stage img").AllAsync())
        {
            await picture.ScrollIntoViewIfNeededAsync();
            await picture.EvaluateAsync("i => i.decode()");
        }
        return await page.EvaluateAsync<Shown[]>(ShownPictures);
    }

    private static byte[] Picture(int width, int height)
    {
        // Soft noise, so that no two are the same picture.
        using var noise = Image.Gaussnoise(width / 50, height / 50, sigma: 60, mean: 120, seed: Random.Shared.Next());
        using var soft = noise.Resize(50, kernel: NetVips.Enums.Kernel.Cubic).Cast(NetVips.Enums.BandFormat.Uchar);
        return soft.JpegsaveBuffer(q: 80);
    }

    private sealed record Shown
    {
        public double Width { get; init; }
        public double Height { get; init; }
        public string Taken { get; init; } = "";
        public string Offered { get; init; } = "";
        public int Original { get; init; }
        public bool IsStage { get; init; }
        public double Room { get; init; }
        public double Aside { get; init; }
        public double Low { get; init; }
    }
}
