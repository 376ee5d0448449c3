using System.Buffers.Text;
using System.Text;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.ObjectStorage;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

public sealed class ContentLinksTests
{
    private static readonly ObjectKey Key = ObjectKey.Parse("renditions/a/b/320");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly MasterKey _masterKey = MasterKey.Generate();
    private readonly SteppedTime _time = new(Noon);
    private readonly ContentTokens _tokens;

    public ContentLinksTests() => _tokens = new ContentTokens(new MasterKeyRing(_masterKey), _time);

    [Theory]
    [InlineData("00:30:00")]
    [InlineData("00:00:02")]
    [InlineData("00:00:07")]
    [InlineData("7.00:00:00")]
    public void A_link_lasts_at_least_half_the_lifetime_and_at_most_all_of_it(string setting)
    {
        var lifetime = TimeSpan.Parse(setting);
        var links = Links(lifetime);
        for (var i = 0; i < 400; i++)
        {
            _time.Now = Noon + lifetime * (i / 100.0);
            Assert.InRange(links.Create(Key).ExpiresAt - _time.Now, lifetime / 2, lifetime);
        }
    }

    [Fact]
    public void A_link_stays_the_same_within_a_window_and_ends_at_the_edge_after_the_next()
    {
        var links = Links();
        var first = links.Create(Key, "cat.jpg");
        Assert.Equal(Noon.AddMinutes(30), first.ExpiresAt);

        _time.Now = Noon.AddMinutes(15).AddTicks(-1);
        Assert.Equal(first, links.Create(Key, "cat.jpg"));
        _time.Now = Noon.AddMinutes(15);
        Assert.Equal(Noon.AddMinutes(45), links.Create(Key, "cat.jpg").ExpiresAt);
        Assert.NotEqual(first.Url, links.Create(Key, "cat.jpg").Url);
    }

    [Fact]
    public void Every_node_with_the_master_key_makes_and_reads_the_same_link()
    {
        var elsewhere = new ContentTokens(new MasterKeyRing(MasterKey.Parse(_masterKey.ToBase64())), _time);

        Assert.Equal(Links().Create(Key), new TokenContentLinks(elsewhere, Options.Create(new LinksOptions()), _time).Create(Key));
        Assert.Equal(ContentTokenState.Valid, elsewhere.Read(Token(), out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cat.jpg")]
    [InlineData("猫 \"quoted\"; naïve.jpg")]
    public void A_link_is_relative_and_its_token_tells_what_to_show(string? name)
    {
        var link = Links().Create(Key, name);
        Assert.False(link.Url.IsAbsoluteUri);
        Assert.Matches("^/content/[A-Za-z0-9_-]+$", link.Url.OriginalString);

        Assert.True(_tokens.TryRead(link.Url.OriginalString["/content/".Length..], out var ticket));
        Assert.Equal(new ContentTicket(Key, name, link.ExpiresAt), ticket);
    }

    [Fact]
    public void No_name_and_an_empty_name_make_the_same_link() => Assert.Equal(Links().Create(Key), Links().Create(Key, ""));

    [Fact]
    public void The_longest_file_name_and_key_fit_into_a_token()
    {
        var key = ObjectKey.Parse(new string('a', 200));
        var name = new string('猫', Domain.Images.PlainText.FileNameMaxLength);
        var token = Token(Links().Create(key, name));

        Assert.True(token.Length < ContentTokens.MaxLength);
        Assert.True(_tokens.TryRead(token, out var ticket));
        Assert.Equal((key, name), (ticket.ObjectKey, ticket.DownloadName));
    }

    [Fact]
    public void A_token_shows_nothing_of_what_it_points_to()
    {
        var bytes = Encoding.Latin1.GetString(Base64Url.DecodeFromChars(Token(Links().Create(Key, "holiday.jpg"))));

        Assert.DoesNotContain("renditions", bytes);
        Assert.DoesNotContain("holiday", bytes);
    }

    [Fact]
    public void A_link_works_until_it_expires_and_then_is_told_from_a_forged_one()
    {
        var link = Links().Create(Key);
        _time.Now = link.ExpiresAt.AddTicks(-1);
        Assert.Equal(ContentTokenState.Valid, _tokens.Read(Token(link), out var ticket));
        Assert.NotNull(ticket);

        _time.Now = link.ExpiresAt;
        Assert.Equal(ContentTokenState.Expired, _tokens.Read(Token(link), out ticket));
        Assert.Null(ticket);
        Assert.False(_tokens.TryRead(Token(link), out ticket));
        Assert.Null(ticket);
    }

    [Fact]
    public void A_changed_token_is_forged_whichever_character_was_changed()
    {
        foreach (var name in new[] { null, "a", "ab" })
        {
            var token = Token(Links().Create(Key, name));
            for (var i = 0; i < token.Length; i++)
            {
                foreach (var other in "AB-_9z".Where(c => c != token[i]))
                {
                    AssertForged(token[..i] + other + token[(i + 1)..]);
                }
                AssertForged(token[..i]);
                AssertForged(token[..i] + token[(i + 1)..]);
            }
            AssertForged(token + "A");
            AssertForged(token + "=");
            AssertForged(token + token);
            AssertForged(" " + token);
            AssertForged(token + "\n");
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("=")]
    [InlineData("A")]
    [InlineData("AQ")]
    [InlineData("%2e%2e%2f")]
    [InlineData("../../etc/passwd")]
    [InlineData("ключ")]
    [InlineData("\0\0\0\0")]
    [InlineData("\ud800")]
    public void What_is_no_token_is_forged_and_throws_nothing(string? token) => AssertForged(token);

    [Fact]
    public void Long_and_random_tokens_are_forged_and_throw_nothing()
    {
        AssertForged(new string('A', ContentTokens.MaxLength));
        AssertForged(new string('A', 10_000_000));
        AssertForged(new string('=', ContentTokens.MaxLength));
        var random = new Random(5);
        for (var i = 0; i < 500; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            AssertForged(Base64Url.EncodeToString(bytes));
            AssertForged(Encoding.Latin1.GetString(bytes));
            AssertForged(Base64Url.EncodeToString([1, .. bytes]));
        }
    }

    [Fact]
    public void A_token_of_another_installation_is_forged_and_one_of_a_retired_key_is_valid()
    {
        var stranger = MasterKey.Generate();
        Assert.Equal(ContentTokenState.Forged, new ContentTokens(new MasterKeyRing(stranger), _time).Read(Token(), out _));
        Assert.Equal(ContentTokenState.Valid, new ContentTokens(new MasterKeyRing(stranger, _masterKey), _time).Read(Token(), out _));
    }

    private TokenContentLinks Links(TimeSpan? lifetime = null) => new(_tokens, Options.Create(new LinksOptions { Lifetime = lifetime ?? TimeSpan.FromMinutes(30) }), _time);

    private string Token(ContentLink? link = null) => (link ?? Links().Create(Key)).Url.OriginalString["/content/".Length..];

    private void AssertForged(string? token)
    {
        Assert.Equal(ContentTokenState.Forged, _tokens.Read(token, out var ticket));
        Assert.Null(ticket);
    }
}
