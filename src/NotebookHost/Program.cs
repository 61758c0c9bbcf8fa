using System.CommandLine;
using System.CommandLine.Invocation;
using NotebookHost.Commands;
using NotebookHost.Execution;
using NotebookHost.Grading;

if (args is [NotebookProcess.Verb, var pipe])
{
    await CellProcess.RunAsync(pipe, CSharpSession.Here);
    return 0;
}

if (args is [GradingProcess.Verb, var grading])
{
    await GradedProcess.RunAsync(grading);
    return 0;
}
if (args is [Confinement.Verb, var folder, .. var rest] && OperatingSystem.IsLinux())
    return Confinement.Become(folder, rest);

RootCommand root = HostCommand.Create();
ParseResult parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction)
{
    await Console.Error.WriteLineAsync(parsed.Errors[0].Message);
    return 1;
}
var invocation = new InvocationConfiguration();
if (parsed.CommandResult.Command.Name == KernelCommand.Start)
    invocation.ProcessTerminationTimeout = null; // To a kernel, the signal of Ctrl+C means to stop the running cell.
return await parsed.InvokeAsync(invocation);
