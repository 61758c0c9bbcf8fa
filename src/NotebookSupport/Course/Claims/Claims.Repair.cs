using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <content>The claims of notebook 08.</content>
public static partial class Claims
{
    private static IEnumerable<Claim> Repair =>
        [
            new(
                20,
                "A function initialize_parameters returns a random weight matrix and a zero bias vector for each layer.",
                Verdict.Damaged,
                "The scan turned the index l into the digit 1 and lost the indents, so there is one matrix, of the first layer. "
                    + "One fault is its own: it seeds the generator itself, so every network is the same.",
                false,
                _ => InitializeParameters()
            ),
        ];

    /// <summary>A function that draws parameters by name for some layer sizes.</summary>
    internal delegate IReadOnlyDictionary<string, Matrix<double>> Drawing(IReadOnlyList<int> sizes, Random random);

    internal static IReadOnlyList<Measurement> InitializeParameters(
        Drawing? scanned = null,
        Drawing? ownSeed = null,
        Drawing? repaired = null
    )
    {
        int[] sizes = [64, 32, 32, 10];
        scanned ??= AsScanned;
        ownSeed ??= (layers, _) => LectureNote.InitializeParameters(layers, new Random(1));
        repaired ??= (layers, random) => LectureNote.InitializeParameters(layers, random);
        Prediction three = Prediction.Exactly(3, "one for each layer");
        Prediction different = Prediction.Above(0, "random");
        return
        [
            new("four sizes, as scanned: weight matrices", three, One, Matrices(scanned)),
            new("four sizes, repaired: weight matrices", three, three, Matrices(repaired)),
            new(
                "index restored, seed inside: largest difference between the W1 of two networks",
                different,
                Prediction.Exactly(0),
                DifferenceOfTwo(ownSeed)
            ),
            new(
                "repaired, the generator handed in: the same difference",
                different,
                different,
                DifferenceOfTwo(repaired)
            ),
        ];

        int Matrices(Drawing draw) => draw(sizes, new Random(1)).Keys.Count(name => name.StartsWith('W'));

        double DifferenceOfTwo(Drawing draw)
        {
            var random = new Random(1);
            return Largest(draw(sizes, random)["W1"] - draw(sizes, random)["W1"]);
        }
    }

    /// <summary>The note's function to the letter: the digit 1 for the index, and a seed of its own.</summary>
    private static Dictionary<string, Matrix<double>> AsScanned(IReadOnlyList<int> sizes, Random unused)
    {
        var random = new Random(1);
        var parameters = new Dictionary<string, Matrix<double>>();
        for (int l = 1; l < sizes.Count; l++)
            parameters["W1"] = Initializer.Normal(0.01).Sample(sizes[1], sizes[0], random);
        return parameters;
    }
}
