using System.Net.Http.Headers;
using System.Text.Json;
using ImageRepo.Testing;
using NetVips;

namespace ImageRepo.Web.Tests.Processes;

[Collection(ProcessCollection.Name)]
[Trait("Category", "Full")]
public sealed class UploadFuzzTests
{
    private const int Mutations = 300;
    private const int Seed = 20_261_123;
    private const string Boundary = "ImageRepoFuzzBoundary";

    private enum Mutation
    {
        FlippedBits,
        Cut,
        SwappedChunks,
        WrongBoundary,
        CutBody,
    }

    [Fact]
    public async Task Damaged_uploads_of_every_format_are_answered_and_leave_nothing_behind()
    {
        var files = SmallPhotos();
        await using var app = await BuiltApp.StartAsync();
        using var person = await app.SignUpAsync("fuzzer");
        var random = new Random(Seed);
        List<string> faults = [];
        var (images, refusals) = (0, 0);

        for (var i = 0; i < Mutations; i++)
        {
            var (name, photo) = files[i % files.Count];
            var mutation = (Mutation)(i / files.Count % Enum.GetValues<Mutation>().Length);
            using var response = await SendAsync(person, Body(mutation, photo, name, random));
            var answer = await response.Content.ReadAsStringAsync();
            switch (Judge((int)response.StatusCode, answer))
            {
                case true:
                    images++;
                    break;
                case false:
                    refusals++;
                    break;
                default:
                    faults.Add($"{i}: {mutation} of {name} was answered {(int)response.StatusCode} {answer}");
                    break;
            }
        }

        Assert.Empty(faults);
        // Neither is always so: damage that the decoder cannot see is common in photos, and so is damage that it can.
        Assert.True(images > 10 && refusals > 50, $"{images} images and {refusals} refusals.");
        Assert.Equal(images, await DeleteAllAsync(person));
        Assert.Empty(Directory.EnumerateFiles(app.Objects, "*", SearchOption.AllDirectories));
        Assert.Equal(0, await app.StopAsync());
        Assert.Empty(app.Errors());
    }

    /// <summary>True for an image, false for a refusal in good order, null for anything else.</summary>
    private static bool? Judge(int status, string answer)
    {
        if (status is >= 400 and < 500)
        {
            return false;
        }
        using var body = JsonDocument.Parse(answer);
        if (status != 200 || body.RootElement.TryGetProperty("errors", out _))
        {
            return null;
        }
        var payload = body.RootElement.GetProperty("data").GetProperty("uploadImage");
        var hasImage = payload.GetProperty("image").ValueKind == JsonValueKind.Object;
        var hasErrors = payload.GetProperty("errors") is { ValueKind: JsonValueKind.Array } errors && errors.GetArrayLength() > 0;
        return hasImage != hasErrors && !(hasImage && payload.GetProperty("isDuplicate").GetBoolean()) ? hasImage : null;
    }

    private static byte[] Body(Mutation mutation, byte[] photo, string name, Random random)
    {
        var damaged = mutation switch
        {
            Mutation.FlippedBits => Flip(photo, random),
            Mutation.Cut => photo[..random.Next(photo.Length)],
            Mutation.SwappedChunks => Swap(photo, random),
            _ => photo,
        };
        using var form = new MultipartFormDataContent(mutation == Mutation.WrongBoundary ? WrongBoundary(random) : Boundary)
        {
            { new StringContent("""{"query":"mutation($file: Upload!) { uploadImage(input: { file: $file }) { isDuplicate image { id } errors { __typename } } }","variables":{"file":null}}"""), "operations" },
            { new StringContent("""{"0":["variables.file"]}"""), "map" },
            { new ByteArrayContent(damaged), "0", name },
        };
        var body = form.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        return mutation == Mutation.CutBody ? body[..random.Next(body.Length - 4)] : body;
    }

    private static async Task<HttpResponseMessage> SendAsync(ImageRepoClient person, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={Boundary}");
        request.Headers.Add("GraphQL-preflight", "1");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return await person.Http.SendAsync(request);
    }

    /// <summary>Up to eight bits, half of the times among the headers at the start.</summary>
    private static byte[] Flip(byte[] photo, Random random)
    {
        var bytes = (byte[])photo.Clone();
        var end = random.Next(2) == 0 ? Math.Min(1024, bytes.Length) : bytes.Length;
        for (var i = random.Next(8); i >= 0; i--)
        {
            bytes[random.Next(end)] ^= (byte)(1 << random.Next(8));
        }
        return bytes;
    }

    private static byte[] Swap(byte[] photo, Random random)
    {
        var length = random.Next(1, photo.Length / 3);
        var first = random.Next(photo.Length - (2 * length));
        var second = random.Next(first + length, photo.Length - length);
        return [.. photo[..first], .. photo[second..(second + length)], .. photo[(first + length)..second], .. photo[first..(first + length)], .. photo[(second + length)..]];
    }

    private static string WrongBoundary(Random random)
    {
        var letters = Boundary.ToCharArray();
        letters[random.Next(letters.Length)] = '-';
        return new string(letters[..random.Next(1, letters.Length)]);
    }

    /// <summary>Deletes every image for good; gives how many there were.</summary>
    private static async Task<int> DeleteAllAsync(ImageRepoClient person)
    {
        for (var count = 0; ;)
        {
            var data = await person.GraphQLAsync("{ images(first: 100) { nodes { id } } }");
            string[] ids = [.. data.GetProperty("images").GetProperty("nodes").EnumerateArray().Select(i => i.GetProperty("id").GetString()!)];
            if (ids is [])
            {
                return count;
            }
            var deleted = await person.GraphQLAsync("mutation($ids: [ID!]!) { deleteImages(input: { ids: $ids, permanently: true }) { deletedIds errors { __typename } } }", new { ids });
            Assert.Equal(ids.Length, deleted.GetProperty("deleteImages").GetProperty("deletedIds").GetArrayLength());
            count += ids.Length;
        }
    }

    /// <summary>One photo in every format that is taken. HEIC comes as it is, since nothing here writes it.</summary>
    private static List<(string Name, byte[] Content)> SmallPhotos()
    {
        using var photo = Image.NewFromFile(Repository.Photo("giraffe-zebra.jpg"));
        using var small = photo.ThumbnailImage(320);
        return
        [
            ("photo.jpg", small.JpegsaveBuffer(q: 80)),
            ("progressive.jpg", small.JpegsaveBuffer(q: 80, interlace: true)),
            ("photo.png", small.PngsaveBuffer()),
            ("photo.webp", small.WebpsaveBuffer(q: 80)),
            ("photo.avif", small.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0)),
            ("photo.gif", small.GifsaveBuffer()),
            ("photo.tiff", small.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw)),
            ("photo.heic", File.ReadAllBytes(Repository.Photo("red-bowl.heic"))),
        ];
    }
}
