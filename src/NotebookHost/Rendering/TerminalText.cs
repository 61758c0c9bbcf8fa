using System.Globalization;
using System.Text;
using NotebookSupport;

namespace NotebookHost.Rendering;

/// <summary>
/// Text as a terminal shows it: carriage return and backspace overwrite, colours become CSS classes, and all other
/// control sequences are dropped.
/// </summary>
internal sealed class TerminalText
{
    private const char Escape = '\x1b';
    private const int Bright = 8;
    private const int LongestString = 4096;

    /// <summary>The eight colours of a terminal, as the classes of the style sheet name them.</summary>
    private static readonly string[] Colours = ["plain", "red", "green", "yellow", "blue", "magenta", "cyan", "plain"];

    private readonly List<Html> _html = [];
    private readonly List<(Rune Letter, string Style)> _line = [];
    private readonly HashSet<string> _marks = [];
    private string _colour = "";
    private string _style = "";
    private int _column;

    private TerminalText() { }

    /// <summary>Text as HTML.</summary>
    public static Html Of(string text)
    {
        var terminal = new TerminalText();
        terminal.Write(text);
        terminal.EndLine();
        return Html.Of($"{terminal._html}");
    }

    private void Write(string text)
    {
        for (int at = 0; at < text.Length; )
        {
            if (text[at] == Escape)
            {
                at = Control(text, at + 1);
                continue;
            }
            Rune.DecodeFromUtf16(text.AsSpan(at), out Rune letter, out int length);
            at += length;
            Write(letter);
        }
    }

    private void Write(Rune letter)
    {
        switch (letter.Value)
        {
            case '\n':
                EndLine();
                _html.Add(Html.Of($"\n"));
                break;
            case '\r':
                _column = 0;
                break;
            case '\b':
                _column = Math.Max(0, _column - 1);
                break;
            default:
                if (letter.Value != '\t' && Rune.IsControl(letter))
                    break;
                if (_column < _line.Count)
                    _line[_column] = (letter, _style);
                else
                    _line.Add((letter, _style));
                _column++;
                break;
        }
    }

    /// <summary>Reads one control sequence after its escape character; returns the index after it.</summary>
    private int Control(string text, int at)
    {
        if (at >= text.Length)
            return at;
        if (text[at] is ']' or 'P' or '^' or '_' or 'X') // A string for the terminal, up to a bell or ESC \.
        {
            int most = Math.Min(LongestString, text.Length - at);
            int bell = text.IndexOf('\a', at, most);
            int end = text.IndexOf("\x1b\\", at, most, StringComparison.Ordinal);
            if (bell >= 0 && (end < 0 || bell < end))
                return bell + 1;
            return end >= 0 ? end + 2 : at + 1;
        }
        if (text[at] != '[')
            return at + (char.IsSurrogate(text[at]) || text[at] == Escape ? 0 : 1);
        int last = at + 1;
        while (last < text.Length && text[last] is >= ' ' and < '@')
            last++;
        if (last >= text.Length)
            return text.Length;
        string arguments = text[(at + 1)..last];
        if (text[last] == 'm')
            SetStyle(arguments);
        else if (text[last] == 'K')
            Erase(arguments);
        return text[last] is >= '@' and <= '~' ? last + 1 : last;
    }

    private void Erase(string arguments)
    {
        if (arguments is "" or "0")
            _line.RemoveRange(Math.Min(_column, _line.Count), Math.Max(0, _line.Count - _column));
        else if (arguments == "2")
            for (int i = 0; i < _line.Count; i++)
                _line[i] = (new Rune(' '), "");
    }

    private void SetStyle(string arguments)
    {
        int[] codes =
        [
            .. arguments
                .Split(';', ':')
                .Select(code =>
                    code.Length == 0 ? 0
                    : int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
                    : -1
                ),
        ];
        for (int i = 0; i < codes.Length; i++)
            switch (codes[i])
            {
                case 0:
                    _marks.Clear();
                    _colour = "";
                    break;
                case 1:
                    _marks.Add("bold");
                    break;
                case 3:
                    _marks.Add("italic");
                    break;
                case 4:
                    _marks.Add("underline");
                    break;
                case 7:
                    _marks.Add("marked");
                    break;
                case 22:
                    _marks.Remove("bold");
                    break;
                case 23:
                    _marks.Remove("italic");
                    break;
                case 24:
                    _marks.Remove("underline");
                    break;
                case 27 or 49:
                    _marks.Remove("marked");
                    break;
                case >= 30 and <= 37:
                    _colour = Colours[codes[i] - 30];
                    break;
                case 90:
                    _colour = "quiet";
                    break;
                case > 90 and <= 97:
                    _colour = Colours[codes[i] - 90];
                    break;
                case 39:
                    _colour = "";
                    break;
                case (>= 40 and <= 47) or (>= 100 and <= 107):
                    _marks.Add("marked");
                    break;
                case 38:
                    _colour = Extended(codes, ref i);
                    break;
                case 48:
                    Extended(codes, ref i);
                    _marks.Add("marked");
                    break;
            }
        _style = string.Join(
            ' ',
            _marks.Order(StringComparer.Ordinal).Append(_colour).Where(s => s.Length > 0).Select(s => $"t-{s}")
        );
    }

    /// <summary>"5;n", one of 256 colours, or "2;r;g;b": the nearest of the eight.</summary>
    private static string Extended(int[] codes, ref int i)
    {
        if (i + 2 < codes.Length && codes[i + 1] == 5)
        {
            i += 2;
            int n = codes[i];
            if (n is < 0 or > 255)
                return "";
            if (n < 2 * Bright)
                return n == Bright ? "quiet" : Colours[n % Bright];
            return n > 231 ? "" : Nearest((n - 16) / 36, (n - 16) / 6 % 6, (n - 16) % 6);
        }
        if (i + 4 < codes.Length && codes[i + 1] == 2)
        {
            i += 4;
            return Nearest(codes[i - 2], codes[i - 1], codes[i]);
        }
        return "";
    }

    private static string Nearest(int red, int green, int blue)
    {
        (int least, int most) = (Math.Min(red, Math.Min(green, blue)), Math.Max(red, Math.Max(green, blue)));
        // The order of the eight: a bit each for red, green and blue.
        bool IsHigh(int part) => 2 * part > least + most;
        return Colours[(IsHigh(red) ? 1 : 0) + (IsHigh(green) ? 2 : 0) + (IsHigh(blue) ? 4 : 0)];
    }

    private void EndLine()
    {
        var run = new StringBuilder();
        for (int i = 0; i < _line.Count; i++)
        {
            run.Append(_line[i].Letter.ToString());
            if (i + 1 < _line.Count && _line[i + 1].Style == _line[i].Style)
                continue;
            Html words = Html.Of($"{run.ToString()}");
            _html.Add(_line[i].Style.Length == 0 ? words : Html.Of($"<span class=\"{_line[i].Style}\">{words}</span>"));
            run.Clear();
        }
        _line.Clear();
        _column = 0;
    }
}
