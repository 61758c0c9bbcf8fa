using System.CommandLine;

namespace NotebookHost.Commands;

/// <summary>The command line of this program: all verbs, and what it does without one.</summary>
internal static class HostCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand(
            "Runs C# notebooks without a front end. Without a verb: writes the folder notebooks as a site to site/ from the outputs "
                + "that are there, says where to open it, runs what changed since it last ran (cells, library, data, this program) and "
                + "replaces the page of each notebook when it ends. Exit code 0 when all of them ran, now or the last time, else 1."
        )
        {
            RunCommand.Create(),
            HandoutCommand.Create(),
            GradeCommand.Create(),
            SiteCommand.Create(),
            ServeCommand.Create(),
            KernelCommand.Create(),
            DoctorCommand.Create(),
        };
        CourseCommand.AddTo(root);
        return root;
    }
}
