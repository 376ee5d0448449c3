using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Transport;

[Collection(SchemaServerCollection.Name)]
public sealed class HttpTests(SchemaServer server)
{
    private const string Good = """{"query":"{ me { id } }"}""";
    private const string Bad = """{"query":"{ nope }"}""";

    [Contract("H1", "H2", "H5")]
    [Theory]
    [InlineData(null, Good, 200, "application/graphql-response+json")]
    [InlineData("*/*", Good, 200, "application/graphql-response+json")]
    [InlineData("application/json", Good, 200, "application/json")]
    [InlineData("application/graphql-response+json, application/json;q=0.9", Good, 200, "application/graphql-response+json")]
    [InlineData("application/graphql-response+json;q=0.5, application/json", Good, 200, "application/json")]
    [InlineData(null, Bad, 400, "application/graphql-response+json")]
    [InlineData("application/json", Bad, 200, "application/json")]
    [InlineData("text/html", Good, 406, "application/graphql-response+json")]
    public async Task Media_type_and_status_are_those_of_the_specification(string? accept, string body, int status, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = Json(body) };
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }
        using var response = await server.Anonymous().Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("utf-8", response.Content.Headers.ContentType?.CharSet);
    }

    [Theory]
    [InlineData("", 400, "HC0012")]
    [InlineData("{", 400, "HC0012")]
    [InlineData("null", 400, "HC0009")]
    [InlineData("[]", 400, "HC0009")]
    [InlineData("[[]]", 400, "HC0009")]
    [InlineData("[1]", 400, "HC0009")]
    [InlineData("""{"query":1}""", 400, "HC0009")]
    [InlineData("""{"query":"{ me { id } }","operationName":{}}""", 400, "HC0009")]
    [InlineData("""{"query":"{ me { id } }","variables":"x"}""", 400, "HC0009")]
    [InlineData("""{"query":"{ me { id } }","variables":[]}""", 400, "HC0009")]
    [InlineData("""{"query":"{ me { id } }","extensions":1}""", 400, "HC0009")]
    [InlineData("{}", 400, "HC0013")]
    [InlineData("""{"query":"\ud800"}""", 400, "HC0012")]
    [InlineData("""{"query":"{ me { id } }","variables":{"a":"\udfff"}}""", 400, "HC0012")]
    [InlineData("""{"query":"{ me { id } }","variables":{"\ud800":1}}""", 400, "HC0012")]
    [InlineData("""{"query":"{ me { id } }","variables":{"a":1e999}}""", 400, "HC0012")]
    [InlineData("""{"query":"{ me \u0000 { id } }"}""", 400, "HC0011")]
    public async Task Body_that_is_no_request_is_named(string body, int status, string code)
    {
        using var response = await server.Anonymous().Http.PostAsync("/graphql", Json(body));

        Assert.Equal(code, SchemaClient.Code(await SchemaClient.ReadAsync(response)));
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Empty(server.Log.Errors);
    }

    [Fact]
    public async Task Malformed_utf8_deep_json_and_large_bodies_are_named()
    {
        var http = server.Anonymous().Http;
        byte[] broken = [.. """{"query":"{ me { id } } """u8, 0xFF, 0xC0, .. "\"}"u8];
        var deep = """{"query":"{ me { id } }","variables":{"a":""" + new string('[', 100) + new string(']', 100) + "}}";
        var large = """{"query":"{ me { id } }","variables":{"a": """ + "\"" + new string('x', 1 << 20) + "\"}}";

        Assert.Equal((400, "HC0012"), await SendAsync(new ByteArrayContent(broken)));
        Assert.Equal((400, "HC0012"), await SendAsync(Json(deep)));
        Assert.Equal((413, "HC0010"), await SendAsync(Json(large)));
        Assert.Empty(server.Log.Errors);

        async Task<(int, string?)> SendAsync(HttpContent content)
        {
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await http.PostAsync("/graphql", content);
            return ((int)response.StatusCode, SchemaClient.Code(await SchemaClient.ReadAsync(response)));
        }
    }

    [Contract("H4")]
    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/graphql")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Other_content_types_are_not_read(string type)
    {
        var content = new StringContent(Good);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var response = await server.Anonymous().Http.PostAsync("/graphql", content);

        Assert.Equal(415, (int)response.StatusCode);
    }

    [Contract("H3")]
    [Fact]
    public async Task Queries_come_by_get_and_mutations_do_not()
    {
        var owner = await server.SignUpAsync();
        await server.AddImageAsync(owner);
        using var query = await owner.Http.GetAsync("/graphql?query=" + Uri.EscapeDataString("query a($n: Int) { images(first: $n) { nodes { id } } } query b { me { id } }") + "&operationName=a&variables=" + Uri.EscapeDataString("{\"n\":1}"));
        using var mutation = await owner.Http.GetAsync("/graphql?query=" + Uri.EscapeDataString("mutation { deleteImages(input: { ids: [] }) { deletedIds } }"));
        using var nothing = await owner.Http.GetAsync("/graphql");
        using var broken = await owner.Http.GetAsync("/graphql?query={me{id}}&variables=x");

        Assert.Single((await SchemaClient.ReadAsync(query))["data"]!["images"]!["nodes"]!.AsArray());
        Assert.Equal(405, (int)mutation.StatusCode);
        Assert.Equal("HC0013", SchemaClient.Code(await SchemaClient.ReadAsync(nothing)));
        Assert.Equal("HC0012", SchemaClient.Code(await SchemaClient.ReadAsync(broken)));
    }

    [Contract("H13")]
    [Theory]
    [InlineData("/graphql?sdl")]
    [InlineData("/graphql/sdl")]
    [InlineData("/graphql/schema")]
    public async Task Schema_is_there_for_tools(string path)
    {
        using var response = await server.Anonymous().Http.GetAsync(path);

        Assert.Equal("application/graphql", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("type ImagesConnection {", await response.Content.ReadAsStringAsync());
    }

    [Contract("T8")]
    [Fact]
    public async Task Apostrophes_and_plus_signs_are_written_as_they_are()
    {
        var owner = await server.SignUpAsync();
        await server.AddImageAsync(owner, fileName: "it's + <b>.jpg");

        using var response = await owner.PostAsync("{ images { nodes { fileName } } }");

        Assert.Contains("it's + <b>.jpg", await response.Content.ReadAsStringAsync());
    }

    [Contract("H7")]
    [Fact]
    public async Task Multipart_needs_the_preflight_header()
    {
        var owner = await server.SignUpAsync();
        using var form = new MultipartFormDataContent { { new StringContent("""{"query":"mutation { deleteImages(input: { ids: [] }) { deletedIds } }"}"""), "operations" }, { new StringContent("{}"), "map" } };

        using var response = await owner.Http.PostAsync("/graphql", form);
        var body = await SchemaClient.ReadAsync(response);

        Assert.Equal((400, "HC0077", "Multi-part requests must include a GraphQL preflight header."), ((int)response.StatusCode, SchemaClient.Code(body), SchemaClient.Message(body)));
    }

    [Contract("H8")]
    [Theory]
    [InlineData("HC0034", "")]
    [InlineData("HC0034", "map={}")]
    [InlineData("HC0044", "operations={\"query\":\"{ me { id } }\"}")]
    [InlineData("HC0035", "operations={\"query\":\"{ me { id } }\"}|0=x|map={}")]
    [InlineData("HC0043", "operations={\"query\":\"{ me { id } }\"}|map=[]")]
    [InlineData("HC0043", "operations={\"query\":\"{ me { id } }\"}|map={\"0\":1}")]
    [InlineData("HC0037", "operations={\"query\":\"{ me { id } }\"}|map={\"0\":[]}")]
    [InlineData("HC0042", "operations={\"query\":\"{ me { id } }\"}|map={\"0\":[\"f\"]}")]
    [InlineData("HC0039", "operations={\"query\":\"{ me { id } }\"}|map={\"0\":[\"variables.f\"]}")]
    [InlineData("HC0041", "operations={\"query\":\"{ me { id } }\"}|map={\"0\":[\"variables\"]}")]
    [InlineData("HC0040", "operations={\"query\":\"{ me { id } }\",\"variables\":{\"f\":1}}|map={\"0\":[\"variables.f\"]}")]
    [InlineData("HC0012", "operations={|map={}")]
    [InlineData("HC0038", "operations={\"query\":\"{ me { id } }\",\"variables\":{\"f\":null}}|map={\"1\":[\"variables.f\"]}")]
    [InlineData("HC0033", "operations={\"query\":\"{ me { id } }\",\"variables\":{\"f\":null}}|map={\"1\":[\"variables.f\"]}|2=x")]
    [InlineData("HC0033", "operations={\"query\":\"{ me { id } }\",\"variables\":{\"f\":null}}|map={\"1\":[\"variables.f\"],\"2\":[\"variables.f\"]}|1=x|2=x")]
    [InlineData("HC0039", "operations={\"query\":\"{ me { id } }\",\"variables\":{\"f\":[null]}}|map={\"1\":[\"variables.f.0\"],\"2\":[\"variables.f.00\"]}|1=x|2=x")]
    public async Task Malformed_multipart_is_named(string code, string fields)
    {
        var owner = await server.SignUpAsync();
        using var form = new MultipartFormDataContent("boundary");
        foreach (var field in fields.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            form.Add(new StringContent(field[(field.IndexOf('=') + 1)..]), field[..field.IndexOf('=')]);
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = form, Headers = { { "GraphQL-preflight", "1" } } };

        using var response = await owner.Http.SendAsync(request);
        var body = await SchemaClient.ReadAsync(response);

        Assert.Equal(code, SchemaClient.Code(body));
        Assert.Equal(400, (int)response.StatusCode);
        if (code == "HC0038")
        {
            Assert.Equal("File of key '1' is missing.", SchemaClient.Message(body));
        }
        Assert.Empty(server.Log.Errors);
    }

    [Theory]
    [InlineData("fin")]
    [InlineData("reset")]
    [InlineData("no closing boundary")]
    public async Task A_client_that_stops_in_the_middle_leaves_nothing(string ending)
    {
        var owner = await server.SignUpAsync();
        var operations = "{\"query\":\"mutation ($f: Upload!) { uploadImage(input: { file: $f }) { isDuplicate } }\",\"variables\":{\"f\":null}}";
        byte[] body =
        [
            .. Encoding.ASCII.GetBytes($"--b\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{operations}\r\n--b\r\nContent-Disposition: form-data; name=\"map\"\r\n\r\n{{\"0\":[\"variables.f\"]}}\r\n--b\r\nContent-Disposition: form-data; name=\"0\"; filename=\"a.jpg\"\r\n\r\n"),
            .. new TestPicture().Encode(500_000),
        ];
        var length = ending == "no closing boundary" ? body.Length : body.Length + 500_000;
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /graphql HTTP/1.1\r\nHost: localhost\r\nX-Test-User: {owner.Owner}\r\nGraphQL-preflight: 1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"));
        await stream.WriteAsync(body);
        await stream.FlushAsync();

        switch (ending)
        {
            case "fin":
                socket.Client.Shutdown(SocketShutdown.Send);
                break;
            case "reset":
                await Task.Delay(300);
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
                break;
            default:
                // This one still listens.
                Assert.StartsWith("HTTP/1.1 400", await new StreamReader(stream).ReadToEndAsync());
                break;
        }

        await Task.Delay(300);
        for (var i = 0; i < 50 && (await server.StoredAsync(owner)).Count > 0; i++)
        {
            await Task.Delay(100);
        }
        Assert.Empty(await server.StoredAsync(owner));
        Assert.Empty(server.Log.Errors);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
