using NotebookHost.Notebooks;

namespace NotebookHost.Execution;

/// <summary>Builds what notebooks reference with <c>#r</c> and nobody has built yet.</summary>
internal static class ReferencedProjects
{
    /// <summary>Builds the missing ones, each once; throws <see cref="NotebookException"/> where a build fails.</summary>
    /// <param name="notebooks">Notebooks and their folders.</param>
    /// <param name="cancellation">Kills the build.</param>
    public static async Task BuildAsync(
        IEnumerable<(Notebook Notebook, string Folder)> notebooks,
        CancellationToken cancellation
    )
    {
        IEnumerable<string> missing =
            from notebook in notebooks
            from cell in notebook.Notebook.CodeCells
            from reference in Directive.In(cell.Source)
            where reference.NamesFile
            let path = Path.GetFullPath(reference.Name, notebook.Folder)
            where !File.Exists(path)
            let project = ProjectOf(path)
            where project is not null
            select project;
        foreach (string project in missing.Distinct().ToList())
            await BuildAsync(project, cancellation);
    }

    /// <summary>For X/bin/…/X.dll the project X/X.csproj, where there is one.</summary>
    private static string? ProjectOf(string assembly)
    {
        string file = Path.GetFileNameWithoutExtension(assembly) + ".csproj";
        for (DirectoryInfo? folder = Directory.GetParent(assembly); folder is not null; folder = folder.Parent)
            if (folder.Name == "bin" && folder.Parent is { } parent)
                return Path.Combine(parent.FullName, file) is { } path && File.Exists(path) ? path : null;
        return null;
    }

    private static async Task BuildAsync(string project, CancellationToken cancellation)
    {
        ProcessResult build = await DotNetCommand.RunAsync(
            ["build", project, "-c", "Release", "-v", "quiet", "--nologo"],
            Path.GetDirectoryName(project)!,
            cancellation
        );
        if (build.ExitCode != 0)
            throw new NotebookException(
                $"{project} does not build: {build.Output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))?.Trim()}"
            );
    }
}
