using System.Text.Json.Nodes;

namespace NotebookSupport;

/// <summary>What a reader can move of a live figure, as its data say it to a page.</summary>
/// <param name="Name">Of the figure, see <see cref="LiveFigures"/>.</param>
internal sealed record LiveControls(string Name)
{
    /// <summary>What a request holds besides what is moved.</summary>
    public JsonObject Given { get; init; } = [];

    /// <summary>Quantities that move without steps that show.</summary>
    public IReadOnlyList<LiveSlider> Sliders { get; init; } = [];

    /// <summary>What can be chosen: the name in a request, the quantity, the values, the index of the first choice.</summary>
    public IReadOnlyList<(
        string Name,
        string Quantity,
        IReadOnlyList<string> Values,
        int Active
    )> Choices { get; init; } = [];

    /// <summary>A quantity that goes on by itself to an end: its name, the quantity, the end, by how much a frame; default none.</summary>
    public (string Name, string Quantity, int To, int By)? Play { get; init; }

    /// <summary>Points to drag: the name in a request, the axes, what a point is called, where they are at first; default none.</summary>
    public (string Name, string Axes, string Point, double[][] At)? Handles { get; init; }

    /// <summary>
    /// The cells of the heat map that is the first trace, each computed when a reader asks for it: the names of column and row
    /// in a request, and how many requests (by the name "part") one cell takes; default none.
    /// </summary>
    public (string Column, string Row, int Parts)? Cells { get; init; }

    public JsonObject Json()
    {
        var json = new JsonObject
        {
            ["name"] = Name,
            ["given"] = Given.DeepClone(),
            ["sliders"] = new JsonArray([.. Sliders.Select(slider => (JsonNode)slider.Json())]),
            ["choices"] = new JsonArray([
                .. Choices.Select(choice => new JsonObject
                {
                    ["name"] = choice.Name,
                    ["quantity"] = choice.Quantity,
                    ["values"] = new JsonArray([.. choice.Values.Select(value => (JsonNode)value)]),
                    ["active"] = choice.Active,
                }),
            ]),
        };
        if (Play is var (play, quantity, to, by))
            json["play"] = new JsonObject
            {
                ["name"] = play,
                ["quantity"] = quantity,
                ["to"] = to,
                ["by"] = by,
            };
        if (Handles is var (handles, axes, point, at))
            json["handles"] = new JsonObject
            {
                ["name"] = handles,
                ["axes"] = axes,
                ["point"] = point,
                ["at"] = new JsonArray([.. at.Select(place => new JsonArray([.. place.Select(x => (JsonNode)x)]))]),
            };
        if (Cells is var (column, row, parts))
            json["cells"] = new JsonObject
            {
                ["column"] = column,
                ["row"] = row,
                ["parts"] = parts,
            };
        return json;
    }
}

/// <param name="Name">The name in a request.</param>
/// <param name="Quantity">What it changes, with its unit.</param>
/// <param name="From">The lowest value.</param>
/// <param name="To">The highest.</param>
/// <param name="Step">Of a key.</param>
/// <param name="Value">Where it stands at first.</param>
/// <param name="IsPower">Whether the quantity is ten to the power of this, and 0 at the lowest value.</param>
internal sealed record LiveSlider(
    string Name,
    string Quantity,
    double From,
    double To,
    double Step,
    double Value,
    bool IsPower = false
)
{
    public JsonObject Json() =>
        new()
        {
            ["name"] = Name,
            ["quantity"] = Quantity,
            ["from"] = From,
            ["to"] = To,
            ["step"] = Step,
            ["value"] = Value,
            ["isPower"] = IsPower,
        };
}
