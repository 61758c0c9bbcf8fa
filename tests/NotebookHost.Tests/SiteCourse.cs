using System.Text.Json.Nodes;
using NotebookHost.Site;
using NotebookSupport;

namespace NotebookHost.Tests;

/// <summary>A small executed course in a folder of its own, with everything in it that a page must stand.</summary>
public sealed class SiteCourse : IDisposable
{
    public const int FiguresOnFirst = 3;

    public SiteCourse()
    {
        Root = Directory.CreateTempSubdirectory("notebook-site-").FullName;
        Notebooks = Path.Combine(Root, "notebooks");
        Site = Path.Combine(Root, "site");
        Directory.CreateDirectory(Notebooks);
        Paths = [Save("00-start-here", First()), Save("01-symmetry", Second()), Save("02-hostile", Hostile())];
        SiteWriter.Write(Paths, Site);
    }

    public string Root { get; }

    public string Notebooks { get; }

    public string Site { get; }

    public IReadOnlyList<string> Paths { get; }

    public string Page(string name) => File.ReadAllText(Path.Combine(Site, name + ".html"));

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public string Save(string name, params JsonNode[] cells)
    {
        string path = Path.Combine(Notebooks, name + ".ipynb");
        var notebook = new JsonObject
        {
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
            ["metadata"] = new JsonObject
            {
                ["language_info"] = new JsonObject { ["name"] = "C#" },
                ["minutes"] = 25,
            },
            ["cells"] = new JsonArray(cells),
        };
        File.WriteAllText(path, notebook.ToJsonString());
        return path;
    }

    public static JsonObject Text(string markdown) => new() { ["cell_type"] = "markdown", ["source"] = markdown };

    public static JsonObject Code(string source, params JsonNode[] outputs) =>
        new()
        {
            ["cell_type"] = "code",
            ["source"] = source,
            ["outputs"] = new JsonArray(outputs),
        };

    public static JsonObject Stream(string text, string name = "stdout") =>
        new()
        {
            ["output_type"] = "stream",
            ["name"] = name,
            ["text"] = text,
        };

    public static JsonObject Data(string kind, string text) =>
        new()
        {
            ["output_type"] = "display_data",
            ["data"] = new JsonObject { [kind] = text },
        };

    private static JsonNode[] First()
    {
        Dataset circles = Datasets.Circles(100);
        TrainingRun Train(Initializer initializer) =>
            Trainer.Train(
                Network.Create([2, 8, 1], Activation.Tanh, initializer, 1),
                circles,
                new()
                {
                    LearningRate = 0.5,
                    Steps = 300,
                    Snapshots = 20,
                }
            );
        TrainingRun he = Train(Initializer.HeNormal);
        TrainingRun same = Train(Initializer.Constant(0.5));
        return
        [
            Text(
                """
                # Start here
                Train a first network on points in two circles, and see what its first weights decide. About 15 minutes.

                **You will** train with `Trainer.Train`, read a loss curve, and meet the two numbers that matter: $n$, the
                fan-in, and $\operatorname{Var}(W) = \frac{2}{n}$. Next: [symmetry](01-symmetry.ipynb), and in it
                [the ranks](01-symmetry.ipynb#Rank-of-W1). See also [nothing](missing.ipynb) and <https://example.org/>.
                """
            ),
            Code($"#r \"{typeof(Trainer).Assembly.Location}\"\nusing NotebookSupport;"),
            Text(
                """
                ## Eight units, one opinion
                All eight hidden units start with the same weights.

                **Predict:** after 300 steps, how many *different* units will there be?
                """
            ),
            Code(
                """
                const int Seed = 1;
                var circles = Datasets.Circles(100);          // two rings, one inside the other
                var network = Network.Create([2, 8, 1], Activation.Tanh, Initializer.Constant(0.5), Seed);
                var run = Trainer.Train(network, circles, new() { LearningRate = 0.5, Steps = 300, Snapshots = 20 });
                Console.WriteLine($"loss {run.FinalLoss:F4}, and a line that is long enough that a narrow page has to let it scroll sideways");

                Charts.UnitDistances(run)
                """,
                Stream(
                    "loss 0.6501, and a line that is long enough that a narrow page has to let it scroll sideways\n"
                ),
                Data("text/html", Charts.UnitDistances(same).ToHtml())
            ),
            Text(
                """
                The line does not come near zero, it *is* zero: identical units receive identical gradients,

                $$\frac{\partial L}{\partial W^{(1)}_{i,:}} = \frac{1}{m} \sum_{k=1}^{m} \delta_i^{(k)} \, x^{(k)\top},
                \qquad \delta_i = W^{(2)}_{1,i}\, \delta^{(2)} \left(1 - \tanh^2 z_i\right),$$

                row by row, so no step can part them.

                **Claim 1.** *Zero weights: all gradients the same.* Imprecise: the same across the units of a layer.

                ### What random weights do
                The same network, the same data; only the weights differ.
                """
            ),
            Code(
                "Charts.LossCurves((\"He\", he), (\"constant\", run))",
                Data("text/html", Charts.LossCurves(("He", he), ("constant", same)).ToHtml())
            ),
            Code(
                "Charts.Weights(network.Layers[0].Weights)",
                Data("text/html", Charts.Weights(he.Network.Layers[0].Weights).ToHtml())
            ),
            Text(
                """
                ## Summary
                | initialization | loss after 300 steps | different units | what happens |
                |---|---:|---:|---|
                | constant 0.5 | 0.65 | 1 | every unit learns the same thing, for ever |
                | He normal | 0.01 | 8 | each unit takes its own part of the boundary |

                **Exercise.** Change the seed, and say what stays.

                1. Which numbers change?
                2. Which do not, and why?
                """
            ),
        ];
    }

    private static JsonNode[] Second() =>
        [
            Text("# Symmetry\nWhat breaks the tie between equal units. 25 minutes.\n\n## Summary\nShort."),
            Text("## Rank of W1\nBack to the [start](00-start-here.ipynb).\n\n## Summary\nAgain."),
            Code(
                "new { a = 1 }",
                Data(
                    "text/html",
                    "<details open=\"open\" class=\"dni-treeview\"><summary><span class=\"dni-code-hint\"><code>{ a = 1 }</code>"
                        + "</span></summary><div><table><thead><tr></tr></thead><tbody><tr><td>a</td><td><div class=\"dni-plaintext\">"
                        + "<pre>1</pre></div></td></tr></tbody></table></div></details><style>.dni-code-hint { color: red }</style>"
                )
            ),
            Code("throw new Exception(\"no\");", Error()),
        ];

    private static JsonObject Error() =>
        new()
        {
            ["output_type"] = "error",
            ["ename"] = "Exception",
            ["evalue"] = "no",
            ["traceback"] = new JsonArray("\u001b[31mSystem.Exception: no\u001b[0m", "   at cell 1"),
        };

    private const string Evil = "<img src=x onerror=\"window.evil=1\"><script>window.evil=1</script>";

    private static JsonNode[] Hostile() =>
        [
            Text($"# Hostile {Evil}\n{Evil} [link](javascript:window.evil=1) ![x](http://example.org/x.png)\n\n{Evil}"),
            Code("// </code></pre>" + Evil, Stream(Evil), Stream(Evil, "stderr"), Data("text/plain", Evil)),
            Code(
                "HTML(evil)",
                Data(
                    "text/html",
                    Evil
                        + "<a href=\"javascript:window.evil=1\">a</a><iframe src=\"http://example.org\"></iframe>"
                        + "<svg onload=\"window.evil=1\"></svg><img src=\"http://example.org/x.png\">"
                        + "<div style=\"background:url(http://example.org/y.png)\">b</div><object data=\"x\"></object>"
                )
            ),
            Code(
                "fake",
                Data(
                    "text/html",
                    "<div id=\"fake\" class=\"notebook-figure\" aria-label=\"a fake\" onclick=\"window.evil=1\" style=\"height:100px\">"
                        + "</div><script type=\"application/json\">{\"data\":[],\"layout\":"
                        + "{\"title\":{\"text\":\"\\u003c/script>\\u003cscript>window.evil=1\\u003c/script>\"}}}</script>"
                        + "<script>(function () {\nwindow.evil=1;\n})(\"fake\", window.evil=1);</script>"
                )
            ),
        ];
}
