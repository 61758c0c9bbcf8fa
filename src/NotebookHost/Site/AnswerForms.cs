using AngleSharp.Dom;
using NotebookSupport;

namespace NotebookHost.Site;

/// <summary>
/// Where a reader answers the predictions of a page, and what is covered until then. Both are in the page as it is written, so
/// that nothing moves when the script comes; where no script runs, nothing is covered and no form is shown.
/// </summary>
internal static class AnswerForms
{
    /// <summary>Adds the forms to a page, and marks what they cover.</summary>
    public static void Place(IDocument page)
    {
        IElement[] asked = [.. page.QuerySelectorAll("p.predict[id]")];
        foreach (IElement paragraph in asked)
        {
            IElement? next = paragraph.NextElementSibling;
            bool isChoice = next?.Matches("ul.choices") == true;
            bool isSketch = next?.Matches("p.sketch") == true;
            IElement box = page.CreateElement("div");
            box.ClassName = "answer";
            box.InnerHtml = Form(
                    isChoice ? Choices(paragraph, next!)
                    : isSketch ? default
                    : Words(paragraph)
                )
                .ToString();
            (isChoice || isSketch ? next! : paragraph).After(box);
            IElement[] covered = [.. Covered(box)];
            covered.FirstOrDefault()?.ClassList.Add("first");
            foreach (IElement part in covered)
            {
                part.ClassList.Add("covered");
                part.SetAttribute("data-answers", paragraph.Id);
            }
        }
        if (asked.Length == 0)
            return;
        IElement all = page.CreateElement("p");
        all.ClassName = "predictions";
        string predictions = asked.Length == 1 ? "one prediction" : $"{asked.Length} predictions";
        all.InnerHtml = Html.Of(
                $"<span>This page asks for {predictions}, and covers each result until you give one or ask for it.</span> <button type=\"button\">Show all results</button>"
            )
            .ToString();
        asked[0].Before(all);
    }

    private static Html Form(Html inputs) =>
        Html.Of(
            $"<div class=\"inputs\">{inputs}</div><div class=\"commit-row\"><button type=\"button\" class=\"commit\" disabled>Show the result</button><button type=\"button\" class=\"quiet\">Show it without an answer</button></div>"
        );

    private static Html Choices(IElement paragraph, IElement list)
    {
        IEnumerable<Html> labels = list.Children.Select(item =>
            Html.Of(
                $"<label><input type=\"radio\" name=\"{paragraph.Id!}\" value=\"{Said(item)}\"><span>{Html.Trusted(item.InnerHtml)}</span></label>"
            )
        );
        return Html.Of($"<fieldset><legend class=\"unseen\">{Said(paragraph)}</legend>{labels}</fieldset>");
    }

    private static Html Words(IElement paragraph)
    {
        IElement? blank = paragraph.QuerySelector(".blank");
        Html mode = blank is null ? default : Html.Of($" inputmode=\"decimal\"");
        string unit = blank?.NextSibling?.TextContent.Trim() ?? "";
        return Html.Of(
            $"<label><span>Your prediction</span><input type=\"text\"{mode} autocomplete=\"off\" maxlength=\"120\"><span class=\"unit\">{unit}</span></label>"
        );
    }

    /// <summary>The text of an element; a formula, which is there for the eye and for the ear, counts once.</summary>
    private static string Said(IElement element)
    {
        var copy = (IElement)element.Clone();
        foreach (IElement spoken in copy.QuerySelectorAll(".katex-mathml"))
            spoken.Remove();
        return copy.TextContent.Trim();
    }

    /// <summary>
    /// What answers a prediction, up to the next heading or prediction: the outputs of the first experiment after its form,
    /// then all texts and experiments.
    /// </summary>
    private static IEnumerable<IElement> Covered(IElement box)
    {
        for (IElement? part = box.NextElementSibling; part is not null; part = part.NextElementSibling)
        {
            if (Ends(part))
                yield break;
            yield return part;
        }
        bool isTried = false;
        for (
            IElement? part = box.Closest("section")?.NextElementSibling;
            part is not null;
            part = part.NextElementSibling
        )
            if (part.Matches("section.cell"))
            {
                IElement[] outputs =
                [
                    .. part.Children.Where(child => child.QuerySelector(":scope > .output") is not null),
                ];
                foreach (IElement covered in isTried ? [part] : outputs)
                    yield return covered;
                isTried |= outputs.Length > 0;
            }
            else
                foreach (IElement child in part.Children)
                {
                    if (Ends(child))
                        yield break;
                    yield return child;
                }
    }

    private static bool Ends(IElement part) => part.Matches("h1, h2, h3, h4, h5, h6, p.predict");
}
