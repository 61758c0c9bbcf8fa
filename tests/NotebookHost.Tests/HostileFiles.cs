using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookHost.Tests;

/// <summary>
/// A file that is malformed or means harm. <paramref name="Sentence"/> is what is said of it, and it has no page; null
/// where it has one.
/// </summary>
public sealed record HostileFile(string Name, byte[] Bytes, string? Sentence)
{
    /// <summary>What its page must hold.</summary>
    public string? Shown { get; init; }

    /// <summary>Whether the file is of another language, and so no failure.</summary>
    public bool IsForeign { get; init; }
}

/// <summary>The table of such files.</summary>
internal static class HostileFiles
{
    private const string Format = "\"nbformat\":4,\"nbformat_minor\":5";
    private const string CodeOf = "{\"cell_type\":\"code\",\"source\":\"1\"";
    private static readonly int[] Depths = [200, 20_000];

    public static IReadOnlyList<HostileFile> All { get; } =
    [
        .. Files()
            .Concat(Structures())
            .Concat(Languages())
            .Concat(Texts())
            .Concat(Codes())
            .Concat(Outputs())
            .Concat(Figures()),
    ];

    private static HostileFile Text(string name, string text, string? sentence) =>
        new(name, Encoding.UTF8.GetBytes(text), sentence);

    private static HostileFile Cells(string name, string cells, string? sentence, string? shown = null) =>
        Text(name, $"{{\"cells\":[{cells}],{Format}}}", sentence) with
        {
            Shown = shown,
        };

    private static HostileFile Markdown(string name, string text, string? shown = null) =>
        Cells(name, $"{{\"cell_type\":\"markdown\",\"source\":{JsonSerializer.Serialize(text)}}}", null, shown);

    private static HostileFile Output(string name, JsonNode data, string? shown) =>
        Cells(
            name,
            new JsonObject
            {
                ["cell_type"] = "code",
                ["source"] = "1",
                ["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "display_data", ["data"] = data }),
            }.ToJsonString(new JsonSerializerOptions { MaxDepth = 1000 }),
            null,
            shown
        );

    private static HostileFile Html(string name, string html, string? shown = null) =>
        Output(name, new JsonObject { ["text/html"] = html }, shown);

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    private static IEnumerable<HostileFile> Files()
    {
        yield return new("empty", [], "empty.ipynb is empty; expected a Jupyter notebook.");
        yield return Text("blank", "  \n", "blank.ipynb is not JSON: line 2 is malformed.");
        yield return Text("prose", "no json", "prose.ipynb is not JSON: line 1 is malformed.");
        yield return Text("half", "{\"cells\": [", "half.ipynb is not JSON: line 1 is malformed.");
        yield return Text(
            "tail",
            $"{{\"cells\":[{CodeOf}}}],{Format}}}x",
            "tail.ipynb is not JSON: line 1 is malformed."
        );
        yield return Text("comment", $"// c\n{{\"cells\":[{CodeOf}}}],{Format}}}", "is not JSON: line 1 is malformed.");
        yield return Text(
            "nan",
            $"{{\"cells\":[{CodeOf},\"metadata\":{{\"x\":NaN}}}}],{Format}}}",
            "is not JSON: line 1"
        );
        yield return new("latin", [.. "{\"cells\":[\""u8, 0xe9, .. "\"]}"u8], "latin.ipynb is not UTF-8");
        yield return new(
            "utf16",
            Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{}")).ToArray(),
            "is not UTF-8"
        );
        yield return new("zeros", new byte[4096], "zeros.ipynb is not JSON: line 1 is malformed.");
        yield return new("png", [0x89, .. "PNG\r\n"u8, 0x1a], "png.ipynb is not UTF-8");
        yield return new(
            "bom",
            [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes($"{{\"cells\":[{CodeOf}}}],{Format}}}")],
            null
        );
        yield return Text(
            "deep",
            Repeat("[", 100_000) + Repeat("]", 100_000),
            "deep.ipynb is nested deeper than 256 levels"
        );
        yield return Text(
            "deepobject",
            Repeat("{\"a\":", 100_000) + "1",
            "deepobject.ipynb is nested deeper than 256 levels"
        );
        yield return Text(
            "levels",
            $"{{\"cells\":[{CodeOf},\"metadata\":{{\"a\":{Repeat("[", 100)}{Repeat("]", 100)}}}}}],{Format}}}",
            null
        );
        yield return Text(
            "twice",
            $"{{\"cells\":[{CodeOf}}}],\"cells\":[],{Format}}}",
            "twice.ipynb names a key twice in one object"
        );
        yield return Cells(
            "twicecell",
            "{\"cell_type\":\"code\",\"source\":\"1\",\"source\":\"2\"}",
            "names a key twice in one object"
        );
        yield return Text(
            "keysurrogate",
            $"{{\"cells\":[{CodeOf}}}],\"\\ud800\":1,{Format}}}",
            "half of a surrogate pair"
        );
        yield return Text("a b é [x]", $"{{\"cells\":[{CodeOf}}}],{Format}}}", null);
        yield return Text("..", $"{{\"cells\":[{CodeOf}}}],{Format}}}", null);
        yield return Text("index", $"{{\"cells\":[{CodeOf}}}],{Format}}}", null);
        yield return Text("%2e%2e%2fx", $"{{\"cells\":[{CodeOf}}}],{Format}}}", null);
    }

    private static IEnumerable<HostileFile> Structures()
    {
        foreach (string root in new[] { "null", "[]", "1", "\"x\"", "{}", "true" })
            yield return Text(
                $"root{root.GetHashCode(StringComparison.Ordinal):x8}"[..10] + root.Length,
                root,
                "has no cells; expected a Jupyter notebook."
            );
        yield return Text("nocells", $"{{{Format}}}", "nocells.ipynb has no cells; expected a Jupyter notebook.");
        yield return Text("emptycells", $"{{\"cells\":[],{Format}}}", "has no cells") with
        {
            IsForeign = true,
        };
        yield return Text("objectcells", $"{{\"cells\":{{}},{Format}}}", "has no cells");
        foreach (
            (string name, string format) in new[]
            {
                ("three", "3"),
                ("five", "5"),
                ("fraction", "4.5"),
                ("word", "\"4\""),
                ("huge", "1e999"),
                ("list", "[4]"),
                ("minus", "-4"),
            }
        )
            yield return Text(
                $"format{name}",
                $"{{\"cells\":[{CodeOf}}}],\"nbformat\":{format}}}",
                $"format{name}.ipynb has nbformat {format}; expected 4."
            );
        yield return Text("formatnone", $"{{\"cells\":[{CodeOf}}}]}}", "formatnone.ipynb has no nbformat; expected 4.");
        foreach (
            (string name, string value) in new[]
            {
                ("list", "[]"),
                ("word", "\"x\""),
                ("number", "1e999"),
                ("true", "true"),
            }
        )
        {
            yield return Text(
                $"metadata{name}",
                $"{{\"cells\":[{CodeOf}}}],\"metadata\":{value},{Format}}}",
                $"metadata{name}.ipynb, has metadata {value}; expected an object."
            );
            yield return Text(
                $"kernelspec{name}",
                $"{{\"cells\":[{CodeOf}}}],\"metadata\":{{\"kernelspec\":{value}}},{Format}}}",
                $"has kernelspec {value}; expected an object."
            );
            yield return Text(
                $"info{name}",
                $"{{\"cells\":[{CodeOf}}}],\"metadata\":{{\"language_info\":{value}}},{Format}}}",
                $"has language_info {value}; expected an object."
            );
            yield return Cells(
                $"cellmetadata{name}",
                $"{CodeOf},\"metadata\":{value}}}",
                $"cellmetadata{name}.ipynb, cell 1 of 1, has metadata {value}; expected an object."
            );
        }
        yield return Text(
            "languagelist",
            $"{{\"cells\":[{CodeOf}}}],\"metadata\":{{\"kernelspec\":{{\"language\":[]}}}},{Format}}}",
            "has language []; expected a word."
        );
        yield return Text(
            "nulls",
            $"{{\"cells\":[{{\"cell_type\":\"code\",\"source\":null,\"metadata\":null,\"outputs\":null}}],\"metadata\":null,{Format}}}",
            null
        );
        foreach (string cell in new[] { "null", "1", "\"x\"", "[]", "{}", "{\"cell_type\":1}", "{\"cell_type\":null}" })
            yield return Cells(
                $"cell{Math.Abs(cell.Sum(c => c) * cell.Length)}",
                $"{CodeOf}}},{cell}",
                "cell 2 of 2, has no cell_type; expected a Jupyter notebook."
            );
        yield return Cells(
            "sourcenumber",
            "{\"cell_type\":\"code\",\"source\":7}",
            "sourcenumber.ipynb, cell 1 of 1, has source 7; expected a text or a list of lines."
        );
        yield return Cells(
            "sourcelist",
            "{\"cell_type\":\"code\",\"source\":[\"a\",null]}",
            "has source [\"a\",null]; expected a text or a list of lines."
        );
        yield return Cells(
            "sourceobject",
            "{\"cell_type\":\"markdown\",\"source\":{}}",
            "has source {}; expected a text or a list of lines."
        );
        yield return Cells(
            "outputsobject",
            $"{CodeOf},\"outputs\":{{}}}}",
            "cell 1 of 1, has outputs {}; expected a list."
        );
        yield return Cells(
            "outputnull",
            $"{CodeOf},\"outputs\":[null]}}",
            "cell 1 of 1, has an output null; expected an object."
        );
        yield return Cells(
            "dataword",
            $"{CodeOf},\"outputs\":[{{\"output_type\":\"display_data\",\"data\":\"x\"}}]}}",
            "cell 1 of 1, has data \"x\"; expected an object."
        );
        yield return Cells(
            "htmlnumber",
            $"{CodeOf},\"outputs\":[{{\"output_type\":\"display_data\",\"data\":{{\"text/html\":1}}}}]}}",
            "has text/html 1; expected a text or a list of lines."
        );
        yield return Cells(
            "streamobject",
            $"{CodeOf},\"outputs\":[{{\"output_type\":\"stream\",\"text\":{{}}}}]}}",
            "has text {}; expected a text or a list of lines."
        );
        yield return Cells(
            "typenumber",
            $"{CodeOf},\"outputs\":[{{\"output_type\":1}}]}}",
            "has output_type 1; expected a word."
        );
        yield return Cells(
            "tracenumber",
            $"{CodeOf},\"outputs\":[{{\"output_type\":\"error\",\"traceback\":[1]}}]}}",
            "has traceback [1]; expected a list of lines."
        );
        yield return Cells(
            "surrogatecode",
            "{\"cell_type\":\"code\",\"source\":\"\\\"\\ud800\\\"\"}",
            "surrogatecode.ipynb, cell 1 of 1, holds half of a surrogate pair"
        );
        yield return Cells(
            "surrogateoutput",
            $"{CodeOf},\"outputs\":[{{\"output_type\":\"stream\",\"text\":\"\\udc00\"}}]}}",
            "cell 1 of 1, holds half of a surrogate pair"
        );
        yield return Cells("surrogatekey", $"{CodeOf},\"metadata\":{{\"\\udc00\":1}}}}", "half of a surrogate pair");
        yield return Cells("kind", "{\"cell_type\":\"heading\",\"source\":\"x\"}," + CodeOf + "}", null);
        yield return Cells("tags", $"{CodeOf},\"metadata\":{{\"tags\":[1,null,{{}}]}}}}", null);
        yield return Cells(
            "tagsword",
            $"{CodeOf},\"metadata\":{{\"tags\":\"hide-input\",\"polyglot_notebook\":[],\"vscode\":1}}}}",
            null
        );
    }

    private static IEnumerable<HostileFile> Languages()
    {
        string Of(string metadata) => $"{{\"cells\":[{CodeOf}}}],\"metadata\":{metadata},{Format}}}";
        yield return Text(
            "python",
            Of("{\"kernelspec\":{\"language\":\"python\"}}"),
            "python.ipynb is written in python; expected C#."
        ) with
        {
            IsForeign = true,
        };
        yield return Text(
            "fsharp",
            Of("{\"language_info\":{\"name\":\"F#\"}}"),
            "fsharp.ipynb is written in F#; expected C#."
        ) with
        {
            IsForeign = true,
        };
        yield return Text(
            "polyglotfsharp",
            Of(
                "{\"kernelspec\":{\"language\":\"polyglot-notebook\"},\"polyglot_notebook\":{\"kernelInfo\":{\"defaultKernelName\":\"fsharp\"}}}"
            ),
            "is written in fsharp; expected C#."
        ) with
        {
            IsForeign = true,
        };
        yield return Text(
            "polyglot",
            Of(
                "{\"kernelspec\":{\"language\":\"polyglot-notebook\"},\"language_info\":{\"name\":\"polyglot-notebook\"},\"polyglot_notebook\":{\"kernelInfo\":{\"items\":[{\"name\":\"csharp\"}]}}}"
            ),
            null
        );
        yield return Text("lower", Of("{\"kernelspec\":{\"language\":\"CSharp\"}}"), null);
    }

    private static IEnumerable<HostileFile> Texts()
    {
        yield return Markdown("fence", "```\n```\n\n```csharp\n```\n\n~~~");
        yield return Markdown("nullink", "[x](a%00b) <a%00b> ![y](%00) [z](%) [w](\0)", "x");
        yield return Markdown(
            "badpicture",
            "![x](data:image/png;base64,§§§) ![x](data:text/html,x) ![x](//evil.example/x.png)"
        );
        yield return Markdown("claimnumbers", "**Claim 12345678901234.** x\n\n**Exercise 99999999999.99999999999**");
        yield return Markdown("onlyspaces", "   \n\t\n");
        yield return Markdown("control", "a\u0000b\u0001c\u007f\u2028\ufeff\ufffe");
        yield return Markdown("footnotes", "[^1]: [^1]\n\n[^1] [^2]\n\n[^2]: x[^2]");
        yield return Markdown("formula", "$$" + Repeat("\\frac{1}{", 500) + Repeat("}", 500) + "$$ $");
        yield return Markdown("headings", Repeat("# Same\n\n", 2000));
        yield return Markdown("frame", "# main\n\n# query\n\n# theme\n\n# figure-1\n\n# found");
        foreach (int depth in Depths)
        {
            yield return Markdown($"emphasis{depth}", Repeat("*a **b ", depth) + Repeat("c** d*", depth));
            yield return Markdown($"stars{depth}", Repeat("*", depth) + "a" + Repeat("*", depth));
            yield return Markdown($"quotes{depth}", Repeat("> ", depth) + "a");
            yield return Markdown($"lists{depth}", Repeat("- ", depth) + "a");
            yield return Markdown($"brackets{depth}", Repeat("[", depth) + "a" + Repeat("](b)", depth));
            yield return Markdown($"pictures{depth}", Repeat("![", depth));
            yield return Markdown(
                $"ticks{depth}",
                string.Concat(Enumerable.Range(1, depth / 100).Select(n => new string('`', n) + "a "))
            );
            yield return Markdown(
                $"cells{depth}",
                Repeat("|a", depth / 10) + "|\n" + Repeat("|-", depth / 10) + "|\n" + Repeat("|b", depth / 10)
            );
            yield return Markdown($"underscores{depth}", Repeat("a_", depth));
            yield return Markdown($"dollars{depth}", Repeat("$a", depth) + "$$b");
        }
    }

    private static IEnumerable<HostileFile> Codes()
    {
        HostileFile Code(string name, string code) =>
            Cells(name, $"{{\"cell_type\":\"code\",\"source\":{JsonSerializer.Serialize(code)}}}", null);
        yield return Code("brackets", Repeat("(", 20_000) + "1" + Repeat(")", 20_000));
        yield return Code("sum", string.Join('+', Enumerable.Repeat("1", 20_000)));
        yield return Code("blocks", Repeat("{", 20_000));
        yield return Code("generics", "List<" + Repeat("List<", 5_000) + "int" + Repeat(">", 5_001) + " x;");
        yield return Code("calls", "x" + Repeat(".y()", 20_000));
        yield return Code("refs", "#r \"a\u0000b\"\n#r \"\"\n#r \"nuget:\"\n#r \"../../../../../../etc/passwd\"");
        yield return Code("closing", "// </code></pre></main><script>alert(1)</script>");
        yield return Code("controls", "\"\u0000\u001b[31m\u2028\"");
        yield return Cells(
            "language",
            "{\"cell_type\":\"code\",\"source\":\"<b>\",\"metadata\":{\"polyglot_notebook\":{\"kernelName\":\"html\\\" onclick=\\\"x\"}}}",
            null,
            "&lt;b&gt;"
        );
    }

    private static IEnumerable<HostileFile> Outputs()
    {
        JsonObject Data(string kind, string text) => new() { [kind] = text };
        yield return Output("nodata", new JsonObject(), null);
        yield return Output(
            "unknown",
            Data("application/x-evil", "<script>"),
            "An output of a kind that pages do not show: application/x-evil."
        );
        yield return Output(
            "unknownplain",
            new JsonObject { ["application/x-evil"] = "x", ["text/plain"] = "plainly" },
            "plainly"
        );
        foreach (string kind in new[] { "png", "jpeg", "gif", "webp" })
            yield return Output(
                $"base64{kind}",
                Data($"image/{kind}", "not base64!"),
                $"A picture (image/{kind}) is not shown, because its text is no such picture in base64."
            );
        yield return Output("base64length", Data("image/png", "abc"), "A picture (image/png) is not shown");
        yield return Output(
            "base64plain",
            new JsonObject { ["image/png"] = "#", ["text/plain"] = "instead" },
            "instead"
        );
        yield return Output(
            "svgscript",
            Data("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"),
            "src=\"data:image/svg+xml;base64,"
        );
        yield return Output("svgbroken", Data("image/svg+xml", "<svg><"), "src=\"data:image/svg+xml;base64,");
        yield return Output(
            "markdownhtml",
            Data("text/markdown", "<script>alert(1)</script> **b** ![x](https://evil.example/x.png)"),
            "<strong>b</strong>"
        );
        yield return Output("markdowndeep", Data("text/markdown", Repeat("> ", 20_000)), null);
        yield return Output(
            "latex",
            Data("text/latex", "$$\\href{javascript:alert(1)}{x} </div><script>$$"),
            "class=\"math\""
        );
        yield return Output(
            "json",
            new JsonObject { ["application/json"] = JsonNode.Parse("{\"a\":[1,1e999]}") },
            "\"a\": ["
        );
        yield return Output(
            "jsondeep",
            new JsonObject
            {
                ["application/json"] = JsonNode.Parse(
                    Repeat("[", 200) + Repeat("]", 200),
                    null,
                    new JsonDocumentOptions { MaxDepth = 300 }
                ),
            },
            null
        );
        yield return Html(
            "divs",
            Repeat("<div>", 100_000),
            "HTML is not shown that is nested deeper than 512 elements or has more than 300000."
        );
        yield return Html("divsclosed", Repeat("<div>", 100_000) + Repeat("</div>", 100_000), "nested deeper than 512");
        yield return Html("stray", Repeat("<div></b>", 20_000), "nested deeper than 512");
        yield return Html("bold", Repeat("<b><p>", 5_000), null);
        yield return Html(
            "formatting",
            "<p>" + string.Concat(Enumerable.Range(0, 400).Select(i => $"<b x={i}>")) + Repeat("<p>x", 100_000),
            "has more than 300000"
        );
        yield return Html("tables", Repeat("<table><tr><td>", 5_000), "nested deeper than 512");
        yield return Html("drawings", Repeat("<svg>", 5_000), "nested deeper than 512");
        yield return Html("wide", Repeat("<div>a</div><p>b", 5_000), "<div>a</div>");
        yield return Html("scripts", Repeat("<script>", 20_000), null);
        yield return Html("htmltags", Repeat("<a ", 50_000), null);
        yield return Html("entities", Repeat("&#xd800;&#0;&#99999999999;", 1_000), null);
        yield return Html(
            "svg",
            "<svg width=20 height=20 onload=alert(1)><rect width=20 height=20 /><script>alert(1)</script></svg>",
            "src=\"data:image/svg+xml;base64,"
        );
        foreach (
            (string name, string style) in new[]
            {
                ("url", "background:url(https://evil.example/a.png)"),
                ("escape", "background:\\75 rl(https://evil.example/a.png)"),
                ("set", "background-image:image-set(\"https://evil.example/a.png\" 1x)"),
                ("webkit", "background-image:-webkit-image-set(url(https://evil.example/a.png) 1x)"),
                ("fade", "background:cross-fade(url(//evil.example/a.png), red)"),
                ("content", "content:url('https://evil.example/a.png')"),
                ("cursor", "cursor:url(https://evil.example/a.cur),auto"),
                ("list", "list-style-image:url( 'https://evil.example/a.png' )"),
                ("variable", "--x:url(https://evil.example/a.png);background:var(--x)"),
                (
                    "comment",
                    "background:u/**/rl(https://evil.example/a.png);background:url(/**/https://evil.example/a.png)"
                ),
                ("src", "background:src(\"https://evil.example/a.png\")"),
                ("import", "color:red;}@import 'https://evil.example/a.css';{"),
                ("fixed", "position:fixed;top:0;left:0;width:100%;height:100%"),
            }
        )
            yield return Html(
                $"style{name}",
                $"<p style=\"{style.Replace("\"", "&quot;", StringComparison.Ordinal)}\">styled</p>",
                "styled"
            );
        foreach (
            (string name, string element) in new[]
            {
                ("img", "<img src=https://evil.example/a.png srcset='https://evil.example/b.png 2x'>"),
                (
                    "sheet",
                    "<link rel=stylesheet href=https://evil.example/a.css><style>@import url(https://evil.example/a.css)</style>"
                ),
                (
                    "frame",
                    "<iframe src=https://evil.example/></iframe><object data=https://evil.example/></object><embed src=https://evil.example/>"
                ),
                (
                    "media",
                    "<video src=https://evil.example/a.mp4 poster=https://evil.example/a.png></video><audio src=https://evil.example/a></audio>"
                ),
                (
                    "table",
                    "<table background=https://evil.example/a.png><tr><td background=//evil.example/a.png>x</table>"
                ),
                (
                    "form",
                    "<form action=https://evil.example/><input type=image src=https://evil.example/a.png><button formaction=https://evil.example/>x</button></form>"
                ),
                (
                    "base",
                    "<base href=https://evil.example/><meta http-equiv=refresh content='0;url=https://evil.example/'>"
                ),
                ("picture", "<picture><source srcset=https://evil.example/a.png><img src=x></picture>"),
                (
                    "drawing",
                    "<svg><image href=https://evil.example/a.png /><use xlink:href=https://evil.example/a.svg#x /></svg>"
                ),
                ("math", "<math><mi xlink:href=https://evil.example/>x</mi></math>"),
                ("ping", "<a ping=https://evil.example/ href='#x'>x</a>"),
            }
        )
            yield return Html($"element{name}", element);
        yield return Html(
            "handlers",
            "<p onclick=alert(1) onpointerenter=alert(1)>x</p><details ontoggle=alert(1) open>y</details>",
            "y"
        );
        yield return Html(
            "claim14",
            "<div class=\"notebook-card claim\"><strong>Claim 12345678901234: right</strong><script type=\"application/json\">{\"claim\":12345678901234,\"verdict\":\"right\",\"note\":\"a\",\"instead\":\"b\"}</script></div>",
            "Claim 12345678901234"
        );
        yield return Cells(
            "carriage",
            Stream("\\rstep 0%%\\rstep 100%%\\b\\u001b[31mred\\u001b[0m\\u001b]0;title\\u0007\\u0000"),
            null,
            "step 100%<span class=\"t-red\">red</span>"
        );
        yield return Cells("escapes", Stream(string.Concat(Enumerable.Repeat("\\u001b]\\u001b[", 20_000))), null);
        yield return Cells(
            "sequence",
            Stream("\\u001b[" + Repeat("9;", 20_000) + "m a \\u001b[38;5;999999999999m b \\u001b[38;2;1m c"),
            null,
            " c"
        );
        yield return Cells(
            "errornumbers",
            $"{CodeOf},\"outputs\":[{{\"output_type\":\"error\",\"ename\":1,\"evalue\":{{}},\"traceback\":null}}]}}",
            null,
            "class=\"output error\""
        );
    }

    private static string Stream(string escaped) =>
        $"{CodeOf},\"outputs\":[{{\"output_type\":\"stream\",\"name\":\"stdout\",\"text\":\"{escaped}\"}}]}}";

    private static IEnumerable<HostileFile> Figures()
    {
        static string Draw(string id, string figure, string height) =>
            $"<div id=\"{id}\" class=\"notebook-figure\" aria-label=\"a figure\" data-height=\"{height}\"></div>"
            + $"<script type=\"application/json\">{figure}</script>";
        const string Empty = "{\"data\":[],\"layout\":{}}";
        int count = 0;
        foreach (
            string id in new[]
            {
                "../../evil",
                "/tmp/evil",
                "..\\\\evil",
                "a/../../../evil",
                "x\u0000y",
                "",
                "con",
                "%2e%2e/evil",
            }
        )
        {
            string html = Draw(id, Empty, "300");
            yield return Output(
                $"id{++count}",
                new JsonObject { ["text/html"] = html, ["image/png"] = "iVBORw0KGgo=" },
                "id=\"figure-1-"
            );
        }
        foreach (
            (string name, string asked, int height) in new[]
            {
                ("none", "", 450),
                ("huge", "999999999999", 450),
                ("tall", "100000", 4000),
                ("minus", "-5", 450),
                ("nan", "NaN", 450),
                ("zero", "0", 20),
                ("right", "300", 300),
            }
        )
            yield return Html(
                $"height{name}",
                Draw("f", Empty, asked),
                $"style=\"--wide: {height.ToString(CultureInfo.InvariantCulture)}px;"
            );
        foreach (
            (string name, string figure) in new[]
            {
                ("images", "{\"data\":[],\"layout\":{\"images\":[{\"source\":\"https://evil.example/a.png\"}]}}"),
                (
                    "relative",
                    "{\"data\":[],\"layout\":{\"images\":[{\"source\":\"//evil.example/a.png\"},{\"source\":\"\\\\\\\\evil.example/a.png\"},{\"source\":\" ht\\ntps:evil.example\"}]}}"
                ),
                (
                    "mapbox",
                    "{\"data\":[{\"type\":\"scattermapbox\",\"lat\":[1],\"lon\":[1]}],\"layout\":{\"mapbox\":{\"style\":\"open-street-map\"}}}"
                ),
                (
                    "layers",
                    "{\"data\":[],\"layout\":{\"mapbox2\":{\"layers\":[{\"source\":[\"https://evil.example/{z}.png\"]}]}}}"
                ),
                (
                    "map",
                    "{\"data\":[{\"type\":\"scattermap\"}],\"layout\":{\"map\":{\"style\":\"https://evil.example/style.json\"}}}"
                ),
                (
                    "geo",
                    "{\"data\":[{\"type\":\"choropleth\",\"geojson\":\"https://evil.example/g.json\"}],\"layout\":{\"geo\":{}}}"
                ),
                (
                    "frames",
                    "{\"data\":[],\"layout\":{},\"frames\":[{\"data\":[{\"type\":\"scattergeo\"}],\"layout\":{\"images\":[{\"source\":\"https://evil.example/a\"}]}}]}"
                ),
                (
                    "buttons",
                    "{\"data\":[],\"layout\":{\"updatemenus\":[{\"buttons\":[{\"args\":[{\"type\":[\"scattergeo\"],\"mapbox.style\":\"open-street-map\",\"images[0].source\":\"https://evil.example/a\"}]}]}]}}"
                ),
                (
                    "link",
                    "{\"data\":[{\"x\":[1],\"text\":\"<a href='https://evil.example/'>x</a>\"}],\"layout\":{\"title\":{\"text\":\"<A HREF=https://evil.example/ >x\"}}}"
                ),
                (
                    "span",
                    "{\"data\":[],\"layout\":{\"title\":{\"text\":\"<span style='fill:url(https://evil.example/a)'>x</span><b style=\\\"mask:\\\\75 rl(//evil.example)\\\">y</b>\"}}}"
                ),
                (
                    "picture",
                    "{\"data\":[{\"type\":\"image\",\"source\":\"https://evil.example/a.png\"}],\"layout\":{}}"
                ),
            }
        )
            yield return Html(
                $"figure{name}",
                Draw("f", figure, "300"),
                name is "mapbox" or "map" or "geo" or "layers" or "frames" or "buttons"
                    ? "A map is not drawn here"
                    : "data-figure=\"figure-1-"
            );
        yield return Html(
            "figuredata",
            Draw(
                "f",
                "{\"data\":[{\"y\":{\"bdata\":\"//8A\",\"dtype\":\"i1\"},\"name\":\"data: circles\"}],\"layout\":{}}",
                "300"
            ),
            "\"bdata\":\"//8A\""
        );
        yield return Html(
            "figurename",
            Draw("f", "{\"data\":[{\"name\":\"data: circles\"}],\"layout\":{}}", "300"),
            "\"name\":\"data: circles\""
        );
        yield return Html("figuretwice", Draw("f", "{\"data\":[],\"data\":[],\"layout\":{}}", ""), null);
        yield return Html("figuresurrogate", Draw("f", "{\"data\":[{\"name\":\"\\ud800\"}],\"layout\":{}}", ""), null);
        yield return Html(
            "figuredeep",
            Draw("f", $"{{\"data\":[{Repeat("[", 1000)}{Repeat("]", 1000)}],\"layout\":{{}}}}", ""),
            null
        );
        yield return Html(
            "figuretypes",
            Draw("f", "{\"data\":1,\"layout\":[],\"frames\":\"x\"}", "300"),
            "\"data\":[]"
        );
        yield return Html(
            "figurescript",
            Draw("f", "{\"data\":[],\"layout\":{\"title\":{\"text\":\"</script><script>alert(1)</script>\"}}}", "300"),
            null
        );
    }
}
