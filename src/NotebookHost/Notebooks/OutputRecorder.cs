using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace NotebookHost.Notebooks;

/// <summary>
/// Writes what cells show into a notebook: neighbouring pieces of a stream become one, and an update takes the place
/// of what it updates, so that the last version is the one saved.
/// </summary>
internal sealed class OutputRecorder
{
    private const int MaxText = 1_000_000;
    private const int MostOutputs = 10_000;
    private const long MostCharacters = 50_000_000;

    private readonly Dictionary<int, JsonObject> _displays = [];
    private readonly StringBuilder _text = new();
    private string? _stream;
    private long _characters;
    private bool _isFull;

    public void Record(CodeCell cell, Output output)
    {
        bool continues = output is UpdateOutput || (output is StreamOutput { Name: var name } && name == _stream);
        if (!continues)
            EndStream(cell);
        if (IsTooMuch(cell, output))
            return;
        switch (output)
        {
            case StreamOutput stream:
                _stream = stream.Name;
                Append(stream.Text);
                break;
            case DisplayOutput display:
                _displays[display.Id] = OutputJson.Saved(display, cell.Number);
                cell.Outputs.Add(_displays[display.Id]);
                break;
            case UpdateOutput update:
                if (_displays.TryGetValue(update.Id, out JsonObject? shown))
                    shown["data"] = OutputJson.Saved(update, cell.Number)["data"]!.DeepClone();
                break;
            case ResultOutput or ErrorOutput:
                cell.Outputs.Add(OutputJson.Saved(output, cell.Number));
                break;
            case ClearOutput:
                cell.Outputs.Clear();
                break;
        }
    }

    /// <summary>Whether a cell has shown more than is stored; says so once. Errors are always stored.</summary>
    private bool IsTooMuch(CodeCell cell, Output output)
    {
        _characters += output switch
        {
            DisplayOutput display => Length(display.Data),
            ResultOutput result => Length(result.Data),
            StreamOutput stream => stream.Text.Length,
            _ => 0,
        };
        if (output is ErrorOutput || (cell.Outputs.Count < MostOutputs && _characters < MostCharacters))
            return false;
        if (!_isFull)
        {
            EndStream(cell);
            _isFull = true;
            _stream = "stderr";
            Append("The cell shows more than a notebook can hold; what comes further is left out.\n");
            EndStream(cell);
        }
        return true;
    }

    private static long Length(IReadOnlyDictionary<string, string> data) => data.Sum(text => (long)text.Value.Length);

    /// <summary>Writes the stream that is still open.</summary>
    public void EndCell(CodeCell cell)
    {
        EndStream(cell);
        (_characters, _isFull) = (0, false);
    }

    private void EndStream(CodeCell cell)
    {
        if (_stream is not null)
            cell.Outputs.Add(OutputJson.Saved(new StreamOutput(_stream, _text.ToString()), cell.Number));
        _stream = null;
        _text.Clear();
    }

    private void Append(string text)
    {
        int room = MaxText - _text.Length;
        if (room < 0)
            return;
        _text.Append(text.AsSpan(0, Math.Min(room, text.Length)));
        if (text.Length > room)
            _text.Append(CultureInfo.InvariantCulture, $"\n(cut after {MaxText} characters)\n");
    }
}
