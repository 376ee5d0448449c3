using System.Runtime.InteropServices;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>Settings of libvips that have no function of their own: options which it adds to the command line of a program built on it (<c>vips --help-vips</c>).</summary>
internal static unsafe class VipsOptions
{
    /// <summary>Sets an option for the process. False where libvips knows none of this name, or where GLib, which reads it, is not in the same library.</summary>
    public static bool TrySet(string option)
    {
        var library = OperatingSystem.IsWindows() ? "libvips-42.dll" : OperatingSystem.IsMacOS() ? "libvips.42.dylib" : "libvips.so.42";
        if (!NativeLibrary.TryLoad(library, typeof(Vips).Assembly, null, out var vips)
            || !NativeLibrary.TryGetExport(vips, "vips_add_option_entries", out var addEntries)
            || !NativeLibrary.TryGetExport(vips, "g_option_group_new", out var newGroup)
            || !NativeLibrary.TryGetExport(vips, "g_option_context_new", out var newContext)
            || !NativeLibrary.TryGetExport(vips, "g_option_context_set_main_group", out var setGroup)
            || !NativeLibrary.TryGetExport(vips, "g_option_context_parse", out var parse)
            || !NativeLibrary.TryGetExport(vips, "g_option_context_free", out var free))
        {
            return false;
        }
        var arguments = Array.ConvertAll(["imagerepo", option], Marshal.StringToCoTaskMemUTF8);
        var context = ((delegate* unmanaged<nint, nint>)newContext)(0);
        try
        {
            // The context owns the group.
            var group = ((delegate* unmanaged<nint, nint, nint, nint, nint, nint>)newGroup)(arguments[0], arguments[0], arguments[0], 0, 0);
            ((delegate* unmanaged<nint, void>)addEntries)(group);
            ((delegate* unmanaged<nint, nint, void>)setGroup)(context, group);
            // The parser takes out of the array what it has understood.
            var (rest, count) = ((nint[])arguments.Clone(), arguments.Length);
            fixed (nint* first = rest)
            {
                var array = first;
                return ((delegate* unmanaged<nint, int*, nint**, nint, int>)parse)(context, &count, &array, 0) != 0;
            }
        }
        finally
        {
            ((delegate* unmanaged<nint, void>)free)(context);
            Array.ForEach(arguments, Marshal.FreeCoTaskMem);
        }
    }
}
