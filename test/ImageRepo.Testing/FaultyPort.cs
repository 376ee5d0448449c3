using System.Diagnostics;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace ImageRepo.Testing;

/// <summary>The call at which the process ends, and whether it is done by then.</summary>
internal sealed class FaultPoint(string method, int call, bool after)
{
    private int _calls;

    public bool Before(MethodInfo called) => called.Name == method && Interlocked.Increment(ref _calls) == call && !after;

    public bool After(MethodInfo called) => called.Name == method && Volatile.Read(ref _calls) == call && after;

    /// <summary>As kill -9: nothing is flushed, nothing is tidied away.</summary>
    public static void Die()
    {
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}

/// <summary>A port of the app that ends the process at the point.</summary>
public class FaultyPort : DispatchProxy
{
    private object _real = null!;
    private FaultPoint _point = null!;

    internal static object Wrap(Type port, object real, FaultPoint point)
    {
        var proxy = (FaultyPort)Create(port, typeof(FaultyPort));
        (proxy._real, proxy._point) = (real, point);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_point.Before(targetMethod!))
        {
            FaultPoint.Die();
        }
        var dies = _point.After(targetMethod!);
        object? result;
        try
        {
            result = targetMethod!.Invoke(_real, args);
        }
        catch (TargetInvocationException failure) when (failure.InnerException is not null)
        {
            ExceptionDispatchInfo.Throw(failure.InnerException);
            throw;
        }
        if (dies)
        {
            (result as Task)?.Wait();
            FaultPoint.Die();
        }
        return result;
    }
}
