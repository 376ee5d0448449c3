using CsCheck;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.GraphQL.Images;
using ImageRepo.GraphQL.Tests.Hosting;

namespace ImageRepo.GraphQL.Tests.Queries;

/// <summary>An image of a random library, as the test knows it.</summary>
public sealed record ModelImage
{
    public static readonly string[] Words = ["beach", "tree", "treetop", "moon", "water", "fog"];
    public static readonly string[] Colors = ["#008080", "#FF0000", "#FFFFFF", "#000000", "#0000FF"];
    public static readonly DateTimeOffset Noon = new(2024, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public required string FileName { get; init; }
    public required TestPicture Picture { get; init; }
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Set when it was added.</summary>
    public Guid Id { get; private set; }
    public long ByteSize { get; private set; }
    public string NodeId => ImageType.IdOf(new ImageId(Id));

    public static Gen<ModelImage> Any { get; } = Gen.Select(
        Gen.OneOf("a1.jpg", "a2.jpg", "b1.png", "b2.png", "c_1.jpg"),
        Gen.OneOf(100, 200, 300), Gen.OneOf(100, 200, 300),
        Gen.Int[-1, 3], Gen.Bool, Gen.OneOf(ImageFormat.Jpeg, ImageFormat.Png),
        Gen.OneOf(Words).List[0, 4],
        Gen.Select(Gen.OneOf(Colors), Gen.OneOf(0.125f, 0.25f, 0.5f)).List[0, 3]).Select((name, width, height, day, isGray, format, tags, colors) => new ModelImage
        {
            FileName = name,
            Tags = [.. tags.Distinct()],
            Picture = new TestPicture
            {
                Width = width,
                Height = height,
                TakenAt = day < 0 ? null : Noon.AddDays(day),
                IsBlackAndWhite = isGray,
                Format = format,
                Colors = colors.DistinctBy(c => c.Item1).ToDictionary(c => c.Item1, c => c.Item2),
            },
        });

    public async Task AddAsync(SchemaServer server, SchemaClient owner)
    {
        var image = await server.AddImageAsync(owner, Picture, FileName, tags: [.. Tags]);
        (Id, ByteSize) = (image.Id.Value, image.ByteSize);
    }
}
