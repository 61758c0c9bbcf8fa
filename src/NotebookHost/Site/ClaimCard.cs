using System.Text.Json.Nodes;

namespace NotebookHost.Site;

/// <summary>A claim that a notebook decided.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Verdict">What was found, in one word.</param>
/// <param name="Note">What is claimed.</param>
/// <param name="Instead">What is true.</param>
/// <param name="Anchor">Where its card is on the page.</param>
internal sealed record ClaimCard(int Number, string Verdict, string Note, string Instead, string Anchor)
{
    private const int LongestVerdict = 20;

    /// <summary>Reads the data of a card; null where it is not a claim.</summary>
    public static ClaimCard? Of(JsonObject data, string anchor) =>
        data["claim"] is JsonValue claim
        && claim.TryGetValue(out int number)
        && number is > 0 and < 1_000_000
        && Text(data, "verdict") is { Length: > 0 and <= LongestVerdict } verdict
        && verdict.All(char.IsAsciiLetterLower)
        && Text(data, "note") is { } note
        && Text(data, "instead") is { } instead
            ? new ClaimCard(number, verdict, note, instead, anchor)
            : null;

    private static string? Text(JsonObject data, string name) =>
        data[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
