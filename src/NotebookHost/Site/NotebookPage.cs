using NotebookSupport;

namespace NotebookHost.Site;

/// <summary>A heading of a page: 1 to 6 deep, its anchor, its text as HTML without links, and as plain text.</summary>
internal sealed record Heading(int Level, string Anchor, Html Html, string Words);

/// <summary>What the search finds: the text under one heading, and apart from it the code.</summary>
internal sealed record Section(string Anchor, string Heading, string Text, string Code);

/// <summary>A notebook as a page of the site.</summary>
/// <param name="FileName">The page's file, beside the others.</param>
/// <param name="Title">The first heading of depth 1; else the file's name.</param>
/// <param name="Name">The title as plain text.</param>
/// <param name="Summary">The first paragraph, as HTML without links; may be empty.</param>
/// <param name="Minutes">The time that the notebook's metadata names; null where it names none.</param>
/// <param name="Headings">All headings, in order.</param>
/// <param name="Body">The article, as HTML.</param>
/// <param name="Sections">The text for the search.</param>
/// <param name="Figures">How many figures it shows.</param>
/// <param name="Pictures">Still pictures of its figures and its cover, by file name.</param>
/// <param name="Cover">The name of the picture that stands for the notebook; null where it has none.</param>
internal sealed record NotebookPage(
    string FileName,
    Html Title,
    string Name,
    Html Summary,
    int? Minutes,
    IReadOnlyList<Heading> Headings,
    Html Body,
    IReadOnlyList<Section> Sections,
    int Figures,
    IReadOnlyDictionary<string, byte[]> Pictures,
    string? Cover
)
{
    /// <summary>The figure with which the first page opens, of a cell with the tag "hero"; empty where there is none.</summary>
    public Html Hero { get; init; }

    /// <summary>The first paragraph as plain text; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>Whether it shows a formula.</summary>
    public bool HasFormulas => Body.ToString().Contains("<span class=\"katex\"", StringComparison.Ordinal);

    /// <summary>Whether a reader can run cells on it.</summary>
    public bool Runs => Prepared is not null;

    /// <summary>The name of those cells, see <see cref="PreparedCells"/>; null where there are none.</summary>
    public string? Prepared { get; init; }

    /// <summary>Whether it computes a figure while a reader moves it.</summary>
    public bool HasLive { get; init; }

    /// <summary>The notebook's file as the author keeps it; null for a page that is not a notebook.</summary>
    public string? Source { get; init; }

    /// <summary>The notebook with the outputs that the page shows, to take along; null for a page that is not a notebook.</summary>
    public byte[]? Notebook { get; init; }

    /// <summary>The name under which the notebook itself lies beside the page; null for a page that is not a notebook.</summary>
    public string? Download => Notebook is null ? null : Path.ChangeExtension(FileName, ".ipynb");

    /// <summary>The numbers of the claims that its text names and links to.</summary>
    public IReadOnlySet<int> Mentions { get; init; } = new HashSet<int>();

    /// <summary>The claims that it decides.</summary>
    public IReadOnlyCollection<ClaimCard> Claims { get; init; } = [];

    /// <summary>The exercises that it checks: the anchor of the heading above the first check, by number.</summary>
    public IReadOnlyDictionary<string, string> Exercises { get; init; } = new Dictionary<string, string>();
}

/// <summary>All pages: the notebooks in the order of reading, what the site makes of them, and the text of the first page.</summary>
internal sealed record Book(
    IReadOnlyList<NotebookPage> Notebooks,
    IReadOnlyList<NotebookPage> Extras,
    MarkdownPage? Text
)
{
    /// <summary>The title of the course, which ends the title of every page.</summary>
    public string Title => Text?.Title?.Words ?? "Notebooks";

    /// <summary>What the course is about, as plain text; may be empty.</summary>
    public string Description => Text?.Description ?? "";

    /// <summary>Where it will be published and where it comes from.</summary>
    public Publication Publication { get; init; } = new();

    /// <summary>The picture that stands for it where a link to it is shown; null where it has none.</summary>
    public byte[]? SocialPicture { get; init; }

    /// <summary>The notebooks that teach.</summary>
    public IReadOnlyList<NotebookPage> Lessons => [.. Notebooks.Where(page => !IsSolution(page))];

    /// <summary>The notebooks that solve exercises, named "…-solutions".</summary>
    public IReadOnlyList<NotebookPage> Solutions => [.. Notebooks.Where(IsSolution)];

    private static bool IsSolution(NotebookPage page) =>
        page.FileName.EndsWith("-solutions.html", StringComparison.Ordinal);
}
