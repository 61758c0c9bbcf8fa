using System.Globalization;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Site;

/// <summary>Compiles the cells of pages when a site is written, so that a page runs them before its compiler is loaded.</summary>
internal static class PreparedCells
{
    /// <summary>The folder that holds them, below that of <see cref="BrowserRuntime"/>.</summary>
    public const string Folder = "cells";

    /// <summary>The name of the cells of a page: a hash of them.</summary>
    public static string Name(IEnumerable<CodeCell> cells)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (CodeCell cell in cells)
            hash.AppendData(Encoding.UTF8.GetBytes($"{Errors(cell)}\0{cell.Source}\0"));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>What cells may refer to, read from a folder of the assemblies that a page has.</summary>
    public static IReadOnlyDictionary<string, MetadataReference> References(string folder) =>
        PageCompiler.References(name =>
        {
            string file = Path.Combine(folder, $"{name}.dll");
            if (!File.Exists(file))
                return null;
            using var stream = new MemoryStream(File.ReadAllBytes(file));
            using var image = new PEReader(stream);
            MetadataReader reader = image.GetMetadataReader();
            string[] others =
            [
                .. reader.AssemblyReferences.Select(one => reader.GetString(reader.GetAssemblyReference(one).Name)),
            ];
            return (MetadataReference.CreateFromFile(file), others);
        });

    /// <summary>The cells of a page, compiled; those that cannot be compiled are left out.</summary>
    public static byte[] Compiled(
        IEnumerable<CodeCell> cells,
        IReadOnlyDictionary<string, MetadataReference> references
    ) => PreparedCell.Written(DeepStack.RunAsync(() => All(cells, references)).GetAwaiter().GetResult());

    private static PreparedCell[] All(
        IEnumerable<CodeCell> cells,
        IReadOnlyDictionary<string, MetadataReference> references
    )
    {
        var compiler = new PageCompiler(references);
        var prepared = new List<PreparedCell>();
        foreach (CodeCell cell in cells)
            try
            {
                if (compiler.Compile(cell.Source, Errors(cell), out _) is { } one)
                    prepared.Add(one);
            }
            catch (ReferenceException)
            {
                // The page says so when a reader runs it.
            }
        return [.. prepared];
    }

    /// <summary>The name that errors have for a cell.</summary>
    private static string Errors(CodeCell cell) => $"cell {cell.Number.ToString(CultureInfo.InvariantCulture)}";
}
