using System.CommandLine;
using NotebookHost.Notebooks;
using NotebookHost.Site;

namespace NotebookHost.Commands;

/// <summary>The verb <c>site</c>.</summary>
internal static class SiteCommand
{
    /// <summary>Where a site goes unless it is told otherwise.</summary>
    public const string DefaultOutput = "site";

    public static Command Create()
    {
        var paths = new Argument<string[]>("paths")
        {
            Description = "Executed notebooks, or folders of them at any depth.",
            DefaultValueFactory = _ => ["notebooks"],
        };
        var output = new Option<string>("--output")
        {
            Description = "The folder of the site, which is replaced as a whole.",
            HelpName = "folder",
            DefaultValueFactory = _ => DefaultOutput,
        };
        var command = new Command(
            "site",
            "Writes notebooks, with the outputs that they hold, as pages that open without a server or a network."
        )
        {
            paths,
            output,
        };
        command.SetAction(parsed => Write(parsed.GetRequiredValue(paths), parsed.GetRequiredValue(output)));
        return command;
    }

    /// <summary>Writes a site and says where to open it; returns the exit code.</summary>
    public static int Write(IEnumerable<string> paths, string folder)
    {
        try
        {
            SiteWriter.Write([.. NotebookFile.Find(paths).Select(file => file.Path)], folder);
        }
        catch (NotebookException error)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
        Console.WriteLine($"Open {new Uri(Path.GetFullPath(Path.Combine(folder, "index.html"))).AbsoluteUri}");
        return 0;
    }
}
