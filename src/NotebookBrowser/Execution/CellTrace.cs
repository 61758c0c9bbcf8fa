using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace NotebookHost.Execution;

/// <summary>
/// The calls that led to an exception, those of cells with their lines. The runtime would know the lines only when it is
/// made for a debugger, and then its interpreter takes three times as long; but it knows how far into its code each call is.
/// </summary>
internal static class CellTrace
{
    private static readonly ConcurrentDictionary<Assembly, Lazy<MetadataReader>> Lines = [];

    /// <summary>Takes the lines of a cell.</summary>
    /// <param name="cell">What was compiled.</param>
    /// <param name="symbols">Its portable PDB.</param>
    public static void Add(Assembly cell, byte[] symbols) =>
        Lines[cell] = new Lazy<MetadataReader>(() =>
            MetadataReaderProvider.FromPortablePdbImage([.. symbols]).GetMetadataReader()
        );

    public static string? Of(Exception exception) =>
        new StackTrace(exception, true).GetFrames() is { Length: > 0 } frames
            ? string.Join('\n', frames.Select(frame => Call(frame) + Place(frame)))
            : exception.StackTrace;

    /// <summary>A call in the words of a trace; more lines say where the exception was thrown again.</summary>
    private static string Call(StackFrame frame) => new StackTrace(frame).ToString().Split('\n')[0].TrimEnd();

    private static string Place(StackFrame frame)
    {
        int offset = frame.GetILOffset();
        if (
            offset == StackFrame.OFFSET_UNKNOWN
            || frame.GetMethod() is not { } method
            || !Lines.TryGetValue(method.Module.Assembly, out Lazy<MetadataReader>? lines)
        )
            return "";
        MetadataReader symbols = lines.Value;
        SequencePoint point = symbols
            .GetMethodDebugInformation(
                ((MethodDefinitionHandle)MetadataTokens.EntityHandle(method.MetadataToken)).ToDebugInformationHandle()
            )
            .GetSequencePoints()
            .LastOrDefault(point => !point.IsHidden && point.Offset <= offset);
        return point.Document.IsNil
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $" in {symbols.GetString(symbols.GetDocument(point.Document).Name)}:line {point.StartLine}"
            );
    }
}
