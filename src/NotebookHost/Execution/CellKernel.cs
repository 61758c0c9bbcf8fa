using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.ValueSharing;

namespace NotebookHost.Execution;

/// <summary>
/// C# as a kernel of .NET Interactive, so that cells and extensions find its own types: <see cref="Kernel.Root"/>,
/// <see cref="KernelInvocationContext"/>, values to share. What runs a cell is <see cref="CSharpSession"/>.
/// </summary>
internal sealed class CellKernel
    : Kernel,
        IKernelCommandHandler<SubmitCode>,
        IKernelCommandHandler<RequestValue>,
        IKernelCommandHandler<RequestValueInfos>,
        IKernelCommandHandler<SendValue>
{
    private readonly CSharpSession _session;

    public CellKernel(CSharpSession session)
        : base("csharp")
    {
        _session = session;
        KernelInfo.LanguageName = "C#";
        RegisterCommandHandler<RunCell>((command, context) => session.RunAsync(command.Code, context));
        this.UseWho();
        this.UseValueSharing();
    }

    /// <summary>A part of a cell with <c>#!</c> lines, or code that a cell or an extension submits.</summary>
    public async Task HandleAsync(SubmitCode command, KernelInvocationContext context)
    {
        if (await _session.RunAsync(command.Code, context) is { } error)
            context.Fail(command, message: error.Message);
    }

    public Task HandleAsync(RequestValue command, KernelInvocationContext context)
    {
        if (Variables.FirstOrDefault(variable => variable.Name == command.Name) is not { } variable)
            context.Fail(command, message: $"There is no variable {command.Name}.");
        else
            context.Publish(
                new ValueProduced(
                    variable.Value,
                    command.Name,
                    new FormattedValue(command.MimeType, variable.Value.ToDisplayString(command.MimeType)),
                    command
                )
            );
        return Task.CompletedTask;
    }

    public Task HandleAsync(RequestValueInfos command, KernelInvocationContext context)
    {
        KernelValueInfo[] values =
        [
            .. Variables.Select(variable => new KernelValueInfo(
                variable.Name,
                FormattedValue.CreateSingleFromObject(variable.Value, command.MimeType),
                variable.Type
            )),
        ];
        context.Publish(new ValueInfosProduced(values, command));
        return Task.CompletedTask;
    }

    public Task HandleAsync(SendValue command, KernelInvocationContext context) =>
        SetValueAsync(
            command,
            context,
            async (name, value, type) =>
            {
                await _session.RunAsync($"{Written(type ?? value?.GetType())} {name} = default;", context);
                Variables.First(variable => variable.Name == name).Value = value;
            }
        );

    /// <summary>A type as it is written in C#; <c>object</c> where a cell cannot name it.</summary>
    private static string Written(Type? type) =>
        type is not { IsVisible: true } ? "object"
        : type.IsArray ? $"{Written(type.GetElementType())}[{new string(',', type.GetArrayRank() - 1)}]"
        : type.IsGenericType
            ? $"{type.FullName!.Split('`')[0]}<{string.Join(", ", type.GenericTypeArguments.Select(Written))}>"
        : type.FullName!.Replace('+', '.');

    /// <summary>The variables of the cells so far, the newest of each name.</summary>
    private IEnumerable<ScriptVariable> Variables =>
        (_session.State?.Variables ?? []).Reverse().DistinctBy(variable => variable.Name);
}

/// <summary>Runs a whole cell.</summary>
internal sealed class RunCell(string code) : KernelCommand
{
    public string Code { get; } = code;
}
