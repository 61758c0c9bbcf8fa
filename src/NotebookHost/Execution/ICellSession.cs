using NotebookHost.Notebooks;

namespace NotebookHost.Execution;

/// <summary>
/// Runs the cells of one notebook, each seeing what those before it declared, and explains the one being written. What
/// cells show goes to the one receiver that the session was opened with, in order; a host knows a session only by this.
/// </summary>
internal interface ICellSession
{
    /// <summary>The version of the language, as a front end shows it.</summary>
    string LanguageVersion { get; }

    /// <summary>Runs a cell; returns what went wrong, after it was shown, or null.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="number">What front ends show beside it; errors name it.</param>
    /// <param name="interruption">Stops the cell.</param>
    Task<ErrorOutput?> ExecuteAsync(string code, int number, CancellationToken interruption);

    /// <summary>The value of an expression by MIME type; the session stays as it is. Throws what the expression throws.</summary>
    Task<IReadOnlyDictionary<string, string>> EvaluateAsync(string expression, CancellationToken interruption);

    /// <summary>What may stand at a place of the cell being written.</summary>
    Task<Completions> CompleteAsync(string code, int cursor);

    /// <summary>Explains the name at a place of a cell, or the method whose arguments are being written; null where there is none.</summary>
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

/// <summary>What may take the place of the code from <paramref name="Start"/> to <paramref name="End"/>, the likeliest first.</summary>
internal sealed record Completions(int Start, int End, IReadOnlyList<Completion> Items);

/// <summary>A text to put in; <paramref name="Kind"/> is method, class, keyword and so on.</summary>
internal sealed record Completion(string Text, string Kind);

internal enum Completeness
{
    Complete,
    Incomplete,
    Invalid,
}
