namespace ImageRepo.Domain.Pictures;

/// <summary>A shape to which pictures are cut.</summary>
public readonly record struct AspectRatio(int Width, int Height)
{
    /// <summary>All that there are: any other would be one more copy to keep of each picture.</summary>
    public static IReadOnlyList<AspectRatio> All { get; } = [new(1, 1), new(4, 3), new(3, 4), new(3, 2), new(2, 3), new(16, 9), new(9, 16)];

    /// <summary>The one whose shape is most like a box of this size.</summary>
    public static AspectRatio Closest(int width, int height) => All.MinBy(r => Math.Abs(Math.Log((double)width / height * r.Height / r.Width)));

    /// <summary>The largest part of a picture that has this shape.</summary>
    public (int Width, int Height) Within(int width, int height) => (long)width * Height > (long)height * Width
        ? (Math.Max(1, (int)Math.Round((double)height * Width / Height)), height)
        : (width, Math.Max(1, (int)Math.Round((double)width * Height / Width)));
}
