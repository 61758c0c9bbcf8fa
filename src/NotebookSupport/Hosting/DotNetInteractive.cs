using System.Reflection;

namespace NotebookSupport;

/// <summary>
/// .NET Interactive, or a host with its types. They are found by name among the loaded assemblies, so that no reference
/// to them is needed.
/// </summary>
internal sealed class DotNetInteractive : INotebookHost
{
    private const string Name = "Microsoft.DotNet.Interactive";
    private const string Formatting = Name + ".Formatting";
    private const BindingFlags Static = BindingFlags.Public | BindingFlags.Static;

    private readonly Func<object?>? _context = Type(Name + ".KernelInvocationContext")
        ?.GetProperty("Current", Static)
        ?.GetMethod!.CreateDelegate<Func<object?>>();

    private readonly MethodInfo? _display = Type(Name + ".KernelInvocationContextExtensions")
        ?.GetMethods()
        .FirstOrDefault(method =>
            method.Name == "Display"
            && method.GetParameters() is { Length: 3 } parameters
            && parameters[1].ParameterType == typeof(object)
        );

    public CancellationToken Interruption =>
        _context?.Invoke() is { } context && context.GetType().GetProperty("CancellationToken") is { } property
            ? (CancellationToken)property.GetValue(context)!
            : CancellationToken.None;

    public IDisplay? Display(object value) =>
        _context?.Invoke() is { } context
        && _display?.Invoke(null, [context, value, Array.Empty<string>()]) is { } displayed
            ? new Displayed(displayed)
            : null;

    public void ShowAsHtml(Type type, Func<object, string?> html)
    {
        AppDomain domain = AppDomain.CurrentDomain;
        domain.AssemblyLoad += (_, loaded) => Register(loaded.LoadedAssembly);
        foreach (Assembly assembly in domain.GetAssemblies())
            Register(assembly);

        void Register(Assembly assembly)
        {
            if (assembly.GetName().Name != Formatting)
                return;
            Type? formatter = assembly.GetType(Formatting + ".Formatter");
            Action<object, TextWriter> write = (value, writer) => writer.Write(html(value));
            formatter
                ?.GetMethod("Register", [typeof(Type), typeof(Action<object, TextWriter>), typeof(string)])
                ?.Invoke(null, [type, write, "text/html"]);
            formatter
                ?.GetMethod("SetPreferredMimeTypesFor", [typeof(Type), typeof(string[])])
                ?.Invoke(null, [type, (string[])["text/html"]]);
        }
    }

    private static Type? Type(string name) =>
        AppDomain
            .CurrentDomain.GetAssemblies()
            .Select(assembly => assembly.GetType(name))
            .FirstOrDefault(type => type is not null);

    /// <param name="displayed">A DisplayedValue of .NET Interactive.</param>
    private sealed class Displayed(object displayed) : IDisplay
    {
        private readonly MethodInfo _update = displayed
            .GetType()
            .GetMethods()
            .First(method => method.Name == "Update" && method.GetParameters().Length == 1);

        public void Update(object value) => _update.Invoke(displayed, [value]);
    }
}
