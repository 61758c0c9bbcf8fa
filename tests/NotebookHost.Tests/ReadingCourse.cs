using System.Text.Json.Nodes;
using NotebookHost.Site;
using NotebookSupport;

namespace NotebookHost.Tests;

/// <summary>A small course with what readers look for: sections, formulas, code, claims, words in two spellings.</summary>
public sealed class ReadingCourse : IDisposable
{
    public const int Sections = 6;

    private const string Filler =
        "The weights of a layer decide how large its outputs are, and each layer does this again. ";

    private readonly NotebookFolder _folder = new();

    public ReadingCourse()
    {
        string[] paths =
        [
            Save("10-reading", Reading()),
            Save("11-rules", Rules()),
            Save("11-rules-solutions", SiteCourse.Text("# Solutions\n\n## The rule of He\nHe, he and he.")),
        ];
        _folder.WriteText("index.md", "# The course\n\nA course about weights and $n$ units.\n\n---\n\nMore.\n");
        _folder.WriteText("claims.md", "# Claims board\n\nWhat is said.\n");
        Paths = paths;
        Site = _folder["site"];
        SiteWriter.Write(paths, Site);
    }

    public IReadOnlyList<string> Paths { get; }

    public string Folder => _folder.Root;

    public string Site { get; }

    public string Page(string name) => File.ReadAllText(Path.Combine(Site, name));

    public void Dispose() => _folder.Dispose();

    private string Save(string name, params JsonNode[] cells) =>
        _folder.WriteText(
            $"{name}.ipynb",
            new JsonObject { ["nbformat"] = 4, ["cells"] = new JsonArray(cells) }.ToJsonString()
        );

    private static JsonNode[] Reading()
    {
        string figure = Charts.Curves("loss", "step", "loss", [Series.Measured("a", [1, 2], [2, 1])]).ToHtml();
        string Lines(int count) => string.Join('\n', Enumerable.Range(1, count).Select(i => $"var x{i} = {i};"));
        return
        [
            SiteCourse.Text(
                "# 10 · Reading\nA page to read ($n$). As claim 1 says, and claims 2 and 3, but not claim 99.\n\n"
                    + "$$\\operatorname{Var}(W) = \\frac{2}{n}$$"
            ),
            SiteCourse.Code("// short\nvar a = \"<1>\";"),
            SiteCourse.Code(Lines(12), SiteCourse.Data("text/html", figure)),
            SiteCourse.Code(Lines(13), SiteCourse.Data("text/html", figure)),
            SiteCourse.Code(Lines(14), SiteCourse.Stream("no figure\n")),
            SiteCourse.Code(
                "// wobble wobble wobble\n" + Lines(15),
                SiteCourse.Data("text/html", Table.Of([new { Rule = "a rule", Loss = 1.0 }]).ToHtml())
            ),
            .. Enumerable
                .Range(1, Sections)
                .Select(i =>
                    SiteCourse.Text(
                        $"## Section {i} of $x_{i}$\n"
                            + string.Join("\n\n", Enumerable.Repeat(Filler + Filler + Filler, i == Sections ? 1 : 5))
                    )
                ),
        ];
    }

    private static JsonNode[] Rules() =>
        [
            SiteCourse.Text(
                "# 11 · Rules\nThe rules that there are.\n\n## The rule of He\nFor ReLU, He's variance is $\\frac{2}{n}$.\n\n"
                    + "## Other things\nThe theory here helps the head, without a wobble. There, the rest. He said so once.\n\n"
                    + "## Words\nInitialization in one spelling. Normalization too; the color of a neuron.\n\n"
                    + "## Points\nA critical point, a critical hill, and a line beside a line.\n\n"
                    + "## Lines\nA line is straight. "
                    + string.Concat(Enumerable.Repeat("And so on, and on. ", 10))
                    + "The critical line is here."
            ),
            .. new[] { (1, "right"), (2, "wrong"), (3, "wrong"), (12, "imprecise"), (13, "damaged") }.Select(claim =>
                SiteCourse.Code(
                    $"Claims.Show({claim.Item1})",
                    SiteCourse.Data("text/html", Card(claim.Item1, claim.Item2))
                )
            ),
        ];

    private static string Card(int number, string verdict) =>
        $$"""
            <div class="notebook-card claim"><strong>Claim {{number}}</strong><p>It is {{verdict}}.</p>
            <script type="application/json">{"claim":{{number}},"verdict":"{{verdict}}","note":"said {{number}}","instead":"true {{number}}"}</script></div>
            """;
}
