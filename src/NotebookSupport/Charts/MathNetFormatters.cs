using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>
/// Has notebook hosts show matrices and vectors of MathNet as tables. Their types bear no attribute of ours, so that they
/// are registered with the host's formatter, which is found by name as soon as it is loaded.
/// </summary>
internal static class MathNetFormatters
{
    private const string Formatting = "Microsoft.DotNet.Interactive.Formatting";

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It must run before a cell shows its first matrix.")]
    internal static void Install()
    {
        AppDomain domain = AppDomain.CurrentDomain;
        domain.AssemblyLoad += (_, loaded) => RegisterWith(loaded.LoadedAssembly);
        foreach (Assembly assembly in domain.GetAssemblies())
            RegisterWith(assembly);
    }

    private static void RegisterWith(Assembly host)
    {
        if (host.GetName().Name != Formatting || host.GetType(Formatting + ".Formatter") is not { } formatter)
            return;
        Type[] signature = [typeof(Type), typeof(Action<object, TextWriter>), typeof(string)];
        MethodInfo? register = formatter.GetMethod("Register", signature);
        MethodInfo? prefer = formatter.GetMethod("SetPreferredMimeTypesFor", [typeof(Type), typeof(string[])]);
        foreach (Type type in (Type[])[typeof(Matrix<double>), typeof(Vector<double>)])
        {
            register?.Invoke(
                null,
                [type, (object value, TextWriter writer) => writer.Write(Shown.Html(value)), "text/html"]
            );
            prefer?.Invoke(null, [type, (string[])["text/html"]]);
        }
    }
}
