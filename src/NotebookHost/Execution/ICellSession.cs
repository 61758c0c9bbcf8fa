using NotebookHost.Notebooks;

namespace NotebookHost.Execution;

/// <summary>
/// Runs the cells of one notebook in the current directory, each seeing what those before it declared, and explains the one
/// being written. What cells show goes to the one receiver that the session was opened with, in order. The kernel and the
/// child process know a session only by this interface. Places in code are offsets in UTF-16 units.
/// </summary>
internal interface ICellSession
{
    /// <summary>The version of the language, as a front end shows it.</summary>
    string LanguageVersion { get; }

    /// <summary>Runs a cell; returns what went wrong, after it was shown, or null.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="number">The execution count, which front ends show beside the cell and errors name.</param>
    /// <param name="interruption">Stops the cell.</param>
    Task<ErrorOutput?> ExecuteAsync(string code, int number, CancellationToken interruption);

    /// <summary>
    /// The value of an expression by MIME type. It adds no declarations to the session; its side effects remain. Throws what
    /// the expression throws, or the compiler's errors.
    /// </summary>
    Task<IReadOnlyDictionary<string, string>> EvaluateAsync(string expression, CancellationToken interruption);

    /// <summary>What may stand at a place of the cell being written.</summary>
    Task<Completions> CompleteAsync(string code, int cursor);

    /// <summary>
    /// Explains the name at a place of a cell, or the method whose arguments are being written, as plain text; null where
    /// there is none.
    /// </summary>
    Task<string?> InspectAsync(string code, int cursor);

    /// <summary>Whether a cell could run as it is, or its writer has more to say.</summary>
    Task<Completeness> CompletenessAsync(string code);
}

/// <summary>Opens a session.</summary>
/// <param name="show">Receives what cells show as it happens, one output at a time.</param>
/// <param name="ask">Asks the reader; null where nobody can answer.</param>
internal delegate ICellSession OpenSession(Action<Output> show, AskReader? ask);

/// <summary>Asks the reader for a line of text, hidden where it is a password.</summary>
internal delegate Task<string> AskReader(string prompt, bool isPassword);

/// <summary>What may take the place of the code from <paramref name="Start"/> up to, not including, <paramref name="End"/>; the likeliest first.</summary>
internal sealed record Completions(int Start, int End, IReadOnlyList<Completion> Items);

/// <summary>A text to put in; <paramref name="Kind"/> is method, class, keyword and so on.</summary>
internal sealed record Completion(string Text, string Kind);

internal enum Completeness
{
    Complete,
    Incomplete,
    Invalid,
}
