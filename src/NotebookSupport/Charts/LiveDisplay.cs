using System.Reflection;

namespace NotebookSupport;

/// <summary>
/// A place in the running cell's output whose content can be replaced. .NET Interactive's means for it is found by
/// name among the loaded assemblies, so that no reference to it is needed; without such a host nothing is shown.
/// </summary>
internal sealed class LiveDisplay(object fragment)
{
    private const string Extensions = "Microsoft.DotNet.Interactive.KernelInvocationContextExtensions";

    private readonly object? _shown = Show(fragment);

    public bool IsShown => _shown is not null;

    public void Update(object fragment) =>
        _shown
            ?.GetType()
            .GetMethods()
            .First(method => method.Name == "Update" && method.GetParameters().Length == 1)
            .Invoke(_shown, [fragment]);

    private static object? Show(object fragment)
    {
        MethodInfo? display = RunningCell
            .HostType(Extensions)
            ?.GetMethods()
            .FirstOrDefault(method =>
                method.Name == "Display"
                && method.GetParameters() is { Length: 3 } parameters
                && parameters[1].ParameterType == typeof(object)
            );
        object? context = display
            ?.GetParameters()[0]
            .ParameterType.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)!
            .GetValue(null);
        return context is null ? null : display!.Invoke(null, [context, fragment, Array.Empty<string>()]);
    }
}
