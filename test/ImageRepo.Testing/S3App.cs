namespace ImageRepo.Testing;

/// <summary>The whole product with its objects in a bucket of its own, to which a line leads that can be cut.</summary>
public class S3App : ImageRepoApp
{
    /// <summary>Between the product and the S3 server; browsers go to the server itself.</summary>
    public Line Line { get; private set; } = null!;

    protected override async Task ConfigureAsync(IDictionary<string, string?> settings)
    {
        foreach (var (name, value) in await S3Server.CreateBucketAsync())
        {
            settings[name] = value;
        }
        Line = new Line(await S3Server.AddressAsync());
        settings["Storage:S3:ServiceUrl"] = Line.Address!.ToString();
        await base.ConfigureAsync(settings);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Line.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
