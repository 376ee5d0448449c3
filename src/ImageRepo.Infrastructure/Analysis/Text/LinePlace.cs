using System.Numerics;
using ImageRepo.Domain.Analysis;

namespace ImageRepo.Infrastructure.Analysis.Text;

/// <summary>Where a line of text lies, in pixels: a parallelogram, which may be turned.</summary>
/// <param name="Start">The corner above the first letter.</param>
/// <param name="Along">From there to the corner above the last letter.</param>
/// <param name="Down">From there to the corner below the first letter.</param>
internal readonly record struct LinePlace(Vector2 Start, Vector2 Along, Vector2 Down)
{
    public Vector2 Centre => Start + (Along + Down) / 2;

    /// <summary>The same place, read from the other end.</summary>
    public LinePlace UpsideDown => new(Start + Along + Down, -Along, -Down);

    /// <summary>From a picture that was turned clockwise by a quarter to the picture as it was, which is so high.</summary>
    public LinePlace TurnedBack(float height)
    {
        return new LinePlace(new Vector2(Start.Y, height - Start.X), Back(Along), Back(Down));

        static Vector2 Back(Vector2 v) => new(v.Y, -v.X);
    }

    public LinePlace Scaled(float x, float y)
    {
        var scale = new Vector2(x, y);
        return new LinePlace(Start * scale, Along * scale, Down * scale);
    }

    /// <summary>The upright rectangle around it, clipped to a picture of this size.</summary>
    public Box ToBox(int width, int height)
    {
        ReadOnlySpan<Vector2> corners = [Start, Start + Along, Start + Down, Start + Along + Down];
        Vector2 least = new(float.MaxValue), most = new(float.MinValue);
        foreach (var corner in corners)
        {
            least = Vector2.Min(least, corner);
            most = Vector2.Max(most, corner);
        }
        return new Region(least.X / width, least.Y / height, most.X / width, most.Y / height).Clip().ToBox();
    }
}
