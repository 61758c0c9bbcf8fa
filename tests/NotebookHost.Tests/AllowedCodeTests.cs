using System.Reflection;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;
using NotebookHost.Execution;
using NotebookHost.Grading;
using NotebookHost.Notebooks;
using NotebookSupport;
using NotebookSupport.Tests;

namespace NotebookHost.Tests;

public class AllowedCodeTests
{
    /// <summary>
    /// A student may try out what the lessons do. What draws with Plotly.NET itself, which can write files and open a browser,
    /// is for the teacher to look at.
    /// </summary>
    [SkippableFact]
    public async Task WhatTheLessonsAndSolutionsUseIsAllowed()
    {
        Exhaustive.Needs("The code of the whole course is held against the list");
        string folder = Path.Combine(NotebookFolder.Repository, "notebooks");
        var refused = new List<string>();
        foreach (string path in Directory.EnumerateFiles(folder, "*.ipynb", SearchOption.AllDirectories).Order())
        {
            string bin = Path.Combine(NotebookFolder.Repository, "src/NotebookSupport/bin");
            var chain = new SubmissionChain(
                ScriptMetadataResolver.Default,
                () => Directory.EnumerateFiles(bin, "*.dll")
            );
            foreach (CodeCell cell in Notebook.Read(path).CodeCells.Where(cell => !cell.Source.Contains("Plotly.NET")))
                try
                {
                    Document document = chain.Append(Directive.AsComments(cell.Source));
                    Screening.Check((await document.Project.GetCompilationAsync())!);
                }
                catch (RefusedCodeException reason)
                {
                    refused.Add($"{Path.GetFileName(path)}, cell {cell.Number}: {reason.Message}");
                }
        }
        Assert.Equal([], refused);
    }

    /// <summary>What could be set for all code of the process, a check would see too.</summary>
    [Fact]
    public void NothingThatIsAllowedHoldsAStateForAll()
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.Static;
        IEnumerable<string> open =
            from type in new[] { typeof(Network), typeof(Matrix<>) }.SelectMany(type =>
                type.Assembly.GetExportedTypes()
            )
            where AllowedCode.Allows(new TypeName(Outer(type).Namespace ?? "", Outer(type).Name.Split('`')[0]), true)
            from name in type.GetFields(all)
                .Where(field => field is { IsInitOnly: false, IsLiteral: false })
                .Select(field => field.Name)
                .Concat(type.GetProperties(all).Where(p => p.SetMethod is { IsPublic: true }).Select(p => p.Name))
            select $"{type.FullName}.{name}";
        Assert.Equal([], open);

        static Type Outer(Type type) => type.DeclaringType is { } outer ? Outer(outer) : type;
    }
}
