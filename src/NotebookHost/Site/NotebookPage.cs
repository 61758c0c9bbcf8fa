namespace NotebookHost.Site;

/// <summary>A heading of a page: 1 to 6 deep, its anchor, and its text as HTML without links.</summary>
internal sealed record Heading(int Level, string Anchor, string Html);

/// <summary>What the search finds: the text under one heading.</summary>
internal sealed record Section(string Anchor, string Heading, string Text);

/// <summary>A notebook as a page of the site.</summary>
/// <param name="FileName">The page's file, beside the others.</param>
/// <param name="Title">The first heading of depth 1; else the file's name.</param>
/// <param name="Summary">The first paragraph, as HTML without links; may be empty.</param>
/// <param name="Minutes">The time that the first cell names; null where it names none.</param>
/// <param name="Headings">All headings, in order.</param>
/// <param name="Body">The article, as HTML.</param>
/// <param name="Sections">The text for the search.</param>
/// <param name="Figures">How many figures it shows.</param>
/// <param name="Pictures">Still pictures of its figures, as PNG, by file name.</param>
/// <param name="Cover">The name of the picture that stands for the notebook; null where it has none.</param>
internal sealed record NotebookPage(
    string FileName,
    string Title,
    string Summary,
    int? Minutes,
    IReadOnlyList<Heading> Headings,
    string Body,
    IReadOnlyList<Section> Sections,
    int Figures,
    IReadOnlyDictionary<string, byte[]> Pictures,
    string? Cover
);

/// <summary>All pages: the notebooks in the order of reading, and what the site makes of them.</summary>
internal sealed record Book(IReadOnlyList<NotebookPage> Notebooks, IReadOnlyList<NotebookPage> Extras)
{
    /// <summary>The notebooks that teach.</summary>
    public IReadOnlyList<NotebookPage> Lessons => [.. Notebooks.Where(page => !IsSolution(page))];

    /// <summary>The notebooks that solve exercises, named "…-solutions".</summary>
    public IReadOnlyList<NotebookPage> Solutions => [.. Notebooks.Where(IsSolution)];

    private static bool IsSolution(NotebookPage page) =>
        page.FileName.EndsWith("-solutions.html", StringComparison.Ordinal);
}
