using System.Globalization;
using System.Text;
using NotebookSupport;

namespace NotebookHost.Grading;

/// <summary>The marks of a class as a table: for a terminal, for a spreadsheet, as a page.</summary>
internal sealed class GradeReport(IReadOnlyList<GradedSubmission> graded, Confinement confinement)
{
    private const string Style =
        ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem;color:#1a1a1a;background:#fff}table{border-collapse:collapse}"
        + "th,td{border:1px solid #bbb;padding:.3rem .6rem;text-align:left;vertical-align:top}td.n{text-align:right}"
        + "th,td{overflow-wrap:anywhere}td p{margin:0 0 .5rem}thead th{overflow-wrap:normal}td.n{white-space:nowrap}"
        + "tbody th{min-width:11rem}.marks th:nth-child(4){width:40%}ul{margin:0;padding-left:1.2rem}summary{cursor:pointer}"
        + "pre{margin:.2rem 0 .6rem;white-space:pre-wrap;font:.85rem/1.4 ui-monospace,monospace}details{color:CanvasText}.passed{color:#05602a}.failed,.error{color:#a01414}.notgraded{background:#fff2b8}"
        + "@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}.passed{color:#7ed99b}.failed,.error{color:#ff9d9d}"
        + ".notgraded{background:#4a3f00}}@media(max-width:45rem){body{margin:1rem}.marks thead{display:none}"
        + ".marks,.marks tbody,.marks tr,.marks tbody th,.marks td{display:block;border:0;padding:.1rem 0}"
        + ".marks td.n{text-align:left}.marks tr{border-top:1px solid #bbb;padding:.6rem 0}"
        + ".totals{display:block;overflow-x:auto}.totals tbody th{min-width:6rem}}";

    /// <summary>Of a cell on the page, in characters.</summary>
    private const int MostCode = 10_000;

    private const string Legend =
        "An exercise that passed is a point. Failed: the answer was checked, and each part that is wrong is named. Open: there is no "
        + "answer. Error: the code of the answer did not run. Not graded: the code was not run; look at it yourself. Cells are "
        + "counted from the top, code cells alone.";

    private static readonly Dictionary<Mark, string> Words = new()
    {
        [Mark.Open] = "open",
        [Mark.Passed] = "passed",
        [Mark.Failed] = "failed",
        [Mark.Error] = "error",
        [Mark.NotGraded] = "not graded",
    };

    private string Summary =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{graded.Count(one => !one.NeedsLook)} graded, {graded.Count(one => one.NeedsLook)} to be looked at."
        );

    /// <summary>A line for each submission and one for all.</summary>
    public string Text()
    {
        string[][] rows =
        [
            ["student", "notebook", "points", "passed", "failed", "open", "errors", ""],
            .. graded.Select(one =>
                (string[])
                    [
                        OneLine(one.Submission.Student),
                        one.Notebook?.Name ?? "–",
                        Points(one, "/"),
                        Number(one.Count(Mark.Passed)),
                        Number(one.Count(Mark.Failed)),
                        Number(one.Count(Mark.Open)),
                        Number(one.Count(Mark.Error)),
                        one.NeedsLook ? OneLine(one.Notes.FirstOrDefault() ?? "") : "",
                    ]
            ),
        ];
        int[] widths =
        [
            .. Enumerable.Range(0, rows[0].Length - 1).Select(column => rows.Max(row => row[column].Length)),
        ];
        var text = new StringBuilder();
        foreach (string[] row in rows)
            text.AppendLine(
                string.Join(
                        "  ",
                        row.Select(
                            (cell, column) =>
                                column < 2 ? cell.PadRight(widths[column])
                                : column < widths.Length ? cell.PadLeft(widths[column])
                                : cell
                        )
                    )
                    .TrimEnd()
            );
        text.AppendLine(CultureInfo.InvariantCulture, $"{Summary} {confinement}");
        return text.ToString();
    }

    /// <summary>Comma-separated values with a line of names, as RFC 4180 has them.</summary>
    public string Csv()
    {
        int exercises = graded.Max(one => one.Verdicts.Count);
        var text = new StringBuilder();
        Line([
            "student",
            "notebook",
            "file",
            "points",
            "of",
            "passed",
            "failed",
            "open",
            "errors",
            "not graded",
            .. Enumerable.Range(1, exercises).Select(number => $"exercise {Number(number)}"),
            "notes",
        ]);
        foreach (GradedSubmission one in graded)
            Line([
                one.Submission.Student,
                one.Notebook?.Name ?? "",
                one.Submission.File,
                one.NeedsLook ? "" : Number(one.Count(Mark.Passed)),
                Number(one.Verdicts.Count),
                Number(one.Count(Mark.Passed)),
                Number(one.Count(Mark.Failed)),
                Number(one.Count(Mark.Open)),
                Number(one.Count(Mark.Error)),
                Number(one.Count(Mark.NotGraded)),
                .. Enumerable
                    .Range(0, exercises)
                    .Select(i => i < one.Verdicts.Count ? Words[one.Verdicts[i].Mark] : ""),
                string.Join(" ", one.Notes.Concat(Reasons(one))),
            ]);
        return text.ToString();

        void Line(IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Quoted)).Append("\r\n");
    }

    /// <summary>A page without a script, with the reason of each mark.</summary>
    public string Page() =>
        Html.Of(
                $"""
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><title>Marks</title>
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
                <meta name="viewport" content="width=device-width"><style>{Html.Trusted(Style)}</style></head><body>
                <h1>Marks</h1>
                <p>{Summary} {Legend}</p>
                <table class="marks"><thead><tr><th>Student<th>Notebook<th>Points<th>Exercises<th>Notes</tr></thead><tbody>
                {graded.Select(Row)}
                </tbody></table>
                {Totals()}
                <p>{confinement.ToString()}</p>
                </body></html>

                """
            )
            .ToString();

    /// <summary>The points of each student over all notebooks, where somebody handed in more than one.</summary>
    private Html Totals()
    {
        var students = graded
            .Where(one => one.Notebook is not null)
            .GroupBy(one => one.Submission.Student, StringComparer.Ordinal)
            .Select(of => (Name: of.Key, Best: of.GroupBy(one => one.Notebook!).ToDictionary(all => all.Key, Best)))
            .ToArray();
        if (students.All(student => student.Best.Count < 2))
            return default;
        CourseNotebook[] notebooks =
        [
            .. students
                .SelectMany(student => student.Best.Keys)
                .Distinct()
                .OrderBy(one => one.Name, StringComparer.Ordinal),
        ];
        return Html.Of(
            $"""
            <h2>Points over all notebooks</h2>
            <p>Of a notebook that was handed in twice, the better one. What has to be looked at has no points here.</p>
            <table class="totals"><thead><tr><th>Student{notebooks.Select(one => Html.Of($"<th>{one.Name}"))}<th>Points</tr></thead><tbody>
            {students.Select(student =>
                Html.Of(
                    $"""
                    <tr><th scope="row">{Breakable(student.Name)}{notebooks.Select(one =>
                        Html.Of($"<td class=\"n\">{(student.Best.TryGetValue(one, out int? best) && best is { } points ? Number(points) : "–")}")
                    )}<td class="n">{Number(student.Best.Values.Sum() ?? 0)}</tr>

                    """
                )
            )}
            </tbody></table>
            """
        );

        static int? Best(IEnumerable<GradedSubmission> all) =>
            all.Where(one => !one.NeedsLook).Max(one => (int?)one.Count(Mark.Passed));
    }

    private static Html Row(GradedSubmission one) =>
        Html.Of(
            $"""
            <tr><th scope="row">{Breakable(one.Submission.Student)}<td>{Breakable(one.Notebook?.Name
                ?? one.Submission.File)}<td class="n">{Points(one, " of ")}<td><ul>{one.Verdicts.Select(verdict => Item(one, verdict))}</ul><td>{one.Notes.Select(note =>
                Html.Of($"<p>{note}</p>")
            )}</tr>

            """
        );

    /// <summary>The names that Moodle gives to folders are long: they break after an underscore, not in a word.</summary>
    private static Html Breakable(string name) =>
        Html.Of($"{name.Split('_').Select((part, i) => i == 0 ? Html.Of($"{part}") : Html.Of($"_<wbr>{part}"))}");

    private static string Points(GradedSubmission one, string of) =>
        one.NeedsLook
            ? "–"
            : string.Create(CultureInfo.InvariantCulture, $"{one.Count(Mark.Passed)}{of}{one.Verdicts.Count}");

    private static Html Item(GradedSubmission one, Verdict verdict)
    {
        string word = Words[verdict.Mark];
        string reason = IsGiven(verdict) ? ": " + verdict.Reason : "";
        Html[] code =
        [
            .. one.Answer(verdict.Exercise)
                .Where(_ => verdict.Mark != Mark.Open)
                .Select(cell => Html.Of($"<pre>{Shortened(cell.Code)}</pre>")),
        ];
        Html opened = Html.Of($"<details><summary>its code</summary>{code}</details>");
        return Html.Of(
            $"""
            <li class="{word.Replace(" ", "", StringComparison.Ordinal)}">{verdict.Exercise} {word}{reason}{(
                code.Length > 0 ? opened : default
            )}</li>
            """
        );
    }

    private static string Shortened(string code) =>
        code.Length <= MostCode ? code : $"{code[..MostCode]} … ({Number(code.Length)} characters)";

    private static IEnumerable<string> Reasons(GradedSubmission one) =>
        one.Verdicts.Where(IsGiven).Select(verdict => $"{verdict.Exercise}: {verdict.Reason}");

    /// <summary>Whether the reason is the exercise's own: why nothing is graded is a note on the submission.</summary>
    private static bool IsGiven(Verdict verdict) => verdict.Reason.Length > 0 && verdict.Mark != Mark.NotGraded;

    /// <summary>A spreadsheet takes what begins like a formula for one: an apostrophe keeps it a text.</summary>
    private static string Quoted(string cell)
    {
        string text = OneLine(cell);
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@')
            text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0
            ? text
            : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
