using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Imaging;

namespace ImageRepo.Infrastructure.Tests.Imaging;

public sealed class DecodeGateTests
{
    [Fact]
    public async Task Places_are_bounded()
    {
        var gate = Gate(parallelism: 2);
        var first = await gate.EnterAsync(1, default);
        await gate.EnterAsync(1, default);

        var third = gate.EnterAsync(1, default);

        Assert.False(third.IsCompleted);
        first.Dispose();
        await third;
    }

    [Fact]
    public async Task Pixels_are_bounded()
    {
        var gate = Gate(pixels: 100);
        var large = await gate.EnterAsync(70, default);

        var second = gate.EnterAsync(40, default);

        Assert.False(second.IsCompleted);
        large.Dispose();
        await second;
    }

    [Fact]
    public async Task A_picture_over_the_bound_is_decoded_alone()
    {
        var gate = Gate(pixels: 100);

        using (await gate.EnterAsync(10_000, default))
        {
            Assert.False(gate.EnterAsync(1, default).IsCompleted);
        }
    }

    [Fact]
    public async Task Waiting_is_first_come_first_served_so_that_small_ones_do_not_starve_a_large_one()
    {
        var gate = Gate(pixels: 100);
        var running = await gate.EnterAsync(50, default);
        var large = gate.EnterAsync(100, default);
        var small = gate.EnterAsync(1, default);

        Assert.False(small.IsCompleted);
        running.Dispose();
        var inside = await large;
        Assert.False(small.IsCompleted);
        inside.Dispose();
        await small;
    }

    [Fact]
    public async Task A_full_queue_is_busy()
    {
        var gate = Gate(parallelism: 1, queueLength: 1);
        var inside = await gate.EnterAsync(1, default);
        var waiting = gate.EnterAsync(1, default);

        var busy = await Assert.ThrowsAsync<ServerBusyException>(() => gate.EnterAsync(1, default));

        Assert.Equal(TimeSpan.FromSeconds(3), busy.RetryAfter);
        inside.Dispose();
        await waiting;
    }

    [Fact]
    public async Task Who_gives_up_frees_the_place_in_the_queue_for_those_behind()
    {
        var gate = Gate(pixels: 100, queueLength: 2);
        var inside = await gate.EnterAsync(60, default);
        using var cancellation = new CancellationTokenSource();
        var large = gate.EnterAsync(100, cancellation.Token);
        var small = gate.EnterAsync(20, default);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        // The large one stood in the way of the small one, which fits beside what runs.
        await small;
        Assert.Equal(0, gate.Waiting);
        inside.Dispose();
    }

    [Fact]
    public async Task A_place_is_freed_once_however_often_it_is_disposed()
    {
        var gate = Gate(parallelism: 1);
        var place = await gate.EnterAsync(1, default);
        place.Dispose();
        place.Dispose();
        await gate.EnterAsync(1, default);

        Assert.False(gate.EnterAsync(1, default).IsCompleted);
    }

    [Fact]
    public async Task Under_load_the_bounds_hold_and_nobody_is_forgotten()
    {
        var gate = Gate(parallelism: 3, pixels: 100, queueLength: 1000);
        int inside = 0, most = 0;
        long pixels = 0, mostPixels = 0;
        var random = new Random(4);

        await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => random.Next(1, 120)).Select(weight => Task.Run(async () =>
        {
            using var cancellation = new CancellationTokenSource();
            if (weight % 7 == 0)
            {
                cancellation.CancelAfter(1);
            }
            try
            {
                using var place = await gate.EnterAsync(weight, cancellation.Token);
                Max(ref most, Interlocked.Increment(ref inside));
                Max(ref mostPixels, Interlocked.Add(ref pixels, Math.Min(weight, 100)));
                await Task.Yield();
                Interlocked.Add(ref pixels, -Math.Min(weight, 100));
                Interlocked.Decrement(ref inside);
            }
            catch (OperationCanceledException) when (weight % 7 == 0)
            {
            }
        })));

        Assert.InRange(most, 1, 3);
        Assert.InRange(mostPixels, 1, 100);
        Assert.Equal(0, gate.Waiting);
        Assert.True(gate.EnterAsync(100, default).IsCompletedSuccessfully);
    }

    private static void Max(ref int most, int value)
    {
        for (var seen = most; value > seen; seen = most)
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private static void Max(ref long most, long value)
    {
        for (var seen = most; value > seen; seen = most)
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private static DecodeGate Gate(int parallelism = 10, long pixels = 1000, int queueLength = 10) =>
        new(parallelism, pixels, queueLength, TimeSpan.FromSeconds(3));
}
