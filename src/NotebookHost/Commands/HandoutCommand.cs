using System.CommandLine;
using System.Globalization;
using NotebookHost.Grading;
using NotebookHost.Notebooks;

namespace NotebookHost.Commands;

/// <summary>The verb <c>handout</c>.</summary>
internal static class HandoutCommand
{
    private const string Ending = ".zip";

    public static Command Create()
    {
        Option<string?> course = GradeCommand.Course(
            "The folder of the course's notebooks. Those in its subfolders, such as the solutions, are not handed out."
        );
        var output = new Option<string?>("--output")
        {
            Description =
                "The file to write, or to replace in one move. Default the name and version of the library, as notebooksupport-1.0.0.zip.",
            HelpName = "file.zip",
        };
        output.Validators.Add(result =>
        {
            if (
                result.GetValueOrDefault<string?>() is { } path
                && !path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase)
            )
                result.AddError($"--output is {path}; expected a file that ends in {Ending}.");
        });
        var withOutputs = new Option<bool>("--with-outputs")
        {
            Description = "Keep the outputs that the notebooks hold; default without, so that students run them.",
        };
        var command = new Command(
            "handout",
            "Packs the course for students as one ZIP file: the notebooks, the built library that they load, the files that their texts "
                + "link to, and a README that says how to start and how to hand in. Solutions stay out. It runs after unzipping, "
                + "without the repository. The same files give the same bytes."
        )
        {
            course,
            output,
            withOutputs,
        };
        command.SetAction(
            (parsed, _) =>
                WriteAsync(
                    parsed.GetValue(course) ?? GradeCommand.DefaultFolder(),
                    parsed.GetValue(output),
                    parsed.GetValue(withOutputs)
                )
        );
        return command;
    }

    private static async Task<int> WriteAsync(string course, string? output, bool withOutputs)
    {
        try
        {
            Handout handout = await Handout.ReadAsync(course);
            string path = output ?? handout.Name + Ending;
            if (Directory.Exists(path))
                throw new NotebookException($"--output is {path}, a folder; expected a file that ends in {Ending}.");
            byte[] zip = handout.Zip(withOutputs);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            SafeFile.Write(path, zip);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {zip.Length / 1e6:f1} MB"));
            return 0;
        }
        catch (Exception error) when (RunCommand.IsExpected(error))
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }
}
