namespace NotebookHost.Commands;

/// <summary>What to run and what to do with what comes out.</summary>
internal sealed record RunOptions
{
    /// <summary>Notebooks, or folders of notebooks at any depth; default the folder notebooks.</summary>
    public IReadOnlyList<string> Paths { get; init; } = ["notebooks"];

    /// <summary>The folder for the executed notebooks; default output, or none where they are compared or replaced.</summary>
    public string? Output { get; init; }

    /// <summary>Whether to compare the executed notebooks with their files.</summary>
    public bool Check { get; init; }

    /// <summary>Whether to write the executed notebooks over their files.</summary>
    public bool InPlace { get; init; }

    /// <summary>The time that one notebook may take; default 120 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How many notebooks run at a time; default the number of processors.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether to say at the end which cells took longest.</summary>
    public bool Times { get; init; }

    /// <summary>Where the executed notebooks are written; null for nowhere.</summary>
    public string? OutputFolder => Output ?? (Check || InPlace ? null : "output");
}
