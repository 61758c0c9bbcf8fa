using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Classification;
using Microsoft.CodeAnalysis.Scripting;
using NotebookHost.Execution;
using NotebookSupport;

namespace NotebookHost.Rendering;

/// <summary>
/// Colours the cells of one notebook as Roslyn classifies them.
/// </summary>
internal sealed class CSharpHighlighter
{
    private readonly string _folder;
    private readonly List<string> _files = [];
    private readonly SubmissionChain _cells;

    /// <summary>For the notebook of a folder, which its #r lines are relative to.</summary>
    public CSharpHighlighter(string folder)
    {
        _folder = folder;
        _cells = new SubmissionChain(ScriptMetadataResolver.Default.WithBaseDirectory(folder), () => _files);
    }

    /// <summary>The next cell as HTML: text in spans of class "c-…". Code that the compiler would not take has no colours.</summary>
    public Html Cell(string code) => Coloured(code, isNext: true);

    /// <summary>Code outside the order of cells, such as an example in a text.</summary>
    public Html Aside(string code) => Coloured(code, isNext: false);

    private Html Coloured(string code, bool isNext) =>
        DeepStack
            .RunAsync(() =>
            {
                if (CodeDepth.Refusal(code) is not null)
                    return Html.Of($"{code}");
                Refer(code);
                return Coloured(code, isNext ? _cells.Append(code) : _cells.Next(code));
            })
            .GetAwaiter()
            .GetResult();

    /// <summary>A compiler finds the dependencies of a referenced library beside it.</summary>
    private void Refer(string code)
    {
        foreach (Directive line in Directive.In(code).Where(line => line.NamesFile))
        {
            string? beside = Path.GetDirectoryName(Path.GetFullPath(line.Name, _folder));
            if (Directory.Exists(beside))
                _files.AddRange(Directory.GetFiles(beside, "*.dll").Except(_files));
        }
    }

    private static Html Coloured(string code, Document document)
    {
        var pieces = new List<Html>();
        int position = 0;
        IEnumerable<ClassifiedSpan> spans = Classifier
            .GetClassifiedSpansAsync(document, new(0, code.Length))
            .GetAwaiter()
            .GetResult();
        foreach (ClassifiedSpan span in spans.OrderBy(span => span.TextSpan.Start))
        {
            string? colour = Colour(span.ClassificationType);
            if (colour is null || span.TextSpan.Start < position)
                continue;
            (int end, position) = (position, span.TextSpan.End);
            pieces.Add(
                Html.Of(
                    $"{code[end..span.TextSpan.Start]}<span class=\"c-{colour}\">{code[span.TextSpan.Start..position]}</span>"
                )
            );
        }
        return Html.Of($"{pieces}{code[position..]}");
    }

    private static string? Colour(string classification) =>
        classification switch
        {
            ClassificationTypeNames.Keyword or ClassificationTypeNames.ControlKeyword => "keyword",
            ClassificationTypeNames.PreprocessorKeyword => "keyword",
            ClassificationTypeNames.StringLiteral or ClassificationTypeNames.VerbatimStringLiteral => "string",
            ClassificationTypeNames.StringEscapeCharacter => "string",
            ClassificationTypeNames.NumericLiteral => "number",
            ClassificationTypeNames.MethodName or ClassificationTypeNames.ExtensionMethodName => "method",
            ClassificationTypeNames.ClassName or ClassificationTypeNames.RecordClassName => "type",
            ClassificationTypeNames.StructName or ClassificationTypeNames.RecordStructName => "type",
            ClassificationTypeNames.InterfaceName or ClassificationTypeNames.EnumName => "type",
            ClassificationTypeNames.DelegateName or ClassificationTypeNames.TypeParameterName => "type",
            _ when classification.Contains("comment", StringComparison.Ordinal) => "comment",
            _ => null,
        };
}
