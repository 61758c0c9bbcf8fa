using System.CommandLine;
using System.CommandLine.Invocation;
using NotebookHost.Commands;
using NotebookHost.Execution;

if (args is [NotebookProcess.Verb, var pipe])
{
    await CellProcess.RunAsync(pipe, CSharpSession.Here);
    return 0;
}

var root = new RootCommand(
    "Runs C# notebooks without a front end. Without a verb: runs the whole course, writes it as a site and says where "
        + "to open it."
)
{
    RunCommand.Create(),
    SiteCommand.Create(),
    ServeCommand.Create(),
    KernelCommand.Create(),
    DoctorCommand.Create(),
};
root.SetAction(async (_, cancellation) => await CourseCommand.RunAsync(cancellation));
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
