using System.Net;
using ImageRepo.GraphQL.Tests.Hosting;

namespace ImageRepo.GraphQL.Tests.Mutations;

/// <summary>Parts that go from the client to the S3 server itself.</summary>
[Collection(S3SchemaServerCollection.Name)]
public sealed class DirectUploadToS3Tests(S3SchemaServer server)
{
    [Fact]
    public async Task A_part_is_put_to_the_store_by_its_signed_address_and_becomes_an_image()
    {
        var owner = await server.SignUpAsync();
        var file = new TestPicture().Encode(2_000_000);
        var begun = await owner.QueryAsync("mutation ($input: BeginUploadInput!) { beginUpload(input: $input) { upload { id parts { url headers { name value } } } errors { __typename } } }",
            new { input = new { fileName = "direct.jpg", byteSize = file.Length } });
        var upload = begun["beginUpload"]!["upload"]!;
        var part = upload["parts"]!.AsArray().Single()!;
        using var stranger = new HttpClient();

        Assert.StartsWith(server.PicturesFrom.ToString(), (string)part["url"]!);
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync([.. file, 0]));
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(file[1..]));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(file));
        var completed = await owner.QueryAsync("mutation ($input: CompleteUploadInput!) { completeUpload(input: $input) { image { byteSize original { url } } errors { __typename } } }",
            new { input = new { uploadId = (string)upload["id"]! } });
        var image = completed["completeUpload"]!["image"]!;

        Assert.Equal(file.Length, (long)image["byteSize"]!);
        Assert.Equal(file, await stranger.GetByteArrayAsync((string)image["original"]!["url"]!));
        Assert.Empty(server.Log.Errors);

        async Task<HttpStatusCode> PutAsync(byte[] content)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, (string)part["url"]!) { Content = new ByteArrayContent(content) };
            foreach (var header in part["headers"]!.AsArray())
            {
                request.Headers.Add((string)header!["name"]!, (string)header["value"]!);
            }
            using var answer = await stranger.SendAsync(request);
            return answer.StatusCode;
        }
    }
}
