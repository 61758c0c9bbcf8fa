using System.Text.Json.Serialization;

namespace NotebookHost.Notebooks;

/// <summary>Something that a cell shows.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StreamOutput), "stream")]
[JsonDerivedType(typeof(DisplayOutput), "display")]
[JsonDerivedType(typeof(UpdateOutput), "update")]
[JsonDerivedType(typeof(ResultOutput), "result")]
[JsonDerivedType(typeof(ErrorOutput), "error")]
[JsonDerivedType(typeof(ClearOutput), "clear")]
[JsonDerivedType(typeof(EndOfCell), "end")]
internal abstract record Output;

/// <summary>Text written to the console; <paramref name="Name"/> is stdout or stderr.</summary>
internal sealed record StreamOutput(string Name, string Text) : Output;

/// <summary>A displayed value, by MIME type; <paramref name="Id"/> names it for later updates.</summary>
internal sealed record DisplayOutput(int Id, IReadOnlyDictionary<string, string> Data) : Output;

/// <summary>Replaces a value that was displayed earlier.</summary>
internal sealed record UpdateOutput(int Id, IReadOnlyDictionary<string, string> Data) : Output;

/// <summary>The value of a cell's last expression.</summary>
internal sealed record ResultOutput(IReadOnlyDictionary<string, string> Data) : Output;

/// <summary>Why a cell failed; <paramref name="Line"/> counts from 1, 0 where no line of the cell is to blame.</summary>
internal sealed record ErrorOutput(string Name, string Message, int Line, IReadOnlyList<string> Trace) : Output;

/// <summary>Removes what the cell has shown so far.</summary>
internal sealed record ClearOutput : Output;

/// <summary>The last message of a cell.</summary>
internal sealed record EndOfCell : Output;
