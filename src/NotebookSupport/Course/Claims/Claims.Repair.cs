using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <content>The claims of notebook 08.</content>
public static partial class Claims
{
    private static IEnumerable<Claim> Repair =>
        [
            new(
                20,
                "A function initialize_parameters returns a weight matrix and a bias vector for each layer.",
                Verdict.Wrong,
                "As printed it writes the digit 1 where the index of its loop belongs, so there is one matrix, of the first "
                    + "layer; and it seeds the generator itself, so every network is the same.",
                InitializeParameters
            ),
        ];

    private static IReadOnlyList<Trial> InitializeParameters(int seed)
    {
        int[] sizes = [64, 32, 32, 10];
        Dictionary<string, Matrix<double>> printed = AsPrinted(sizes);
        IReadOnlyDictionary<string, Matrix<double>> repaired = LectureNote.InitializeParameters(
            sizes,
            new Random(seed)
        );
        return
        [
            new(seed, "four sizes, as printed: weight matrices", 1, 1, printed.Keys.Count(IsWeight)),
            new(seed, "repaired: weight matrices", 3, 3, repaired.Keys.Count(IsWeight)),
            new(
                seed,
                "as printed: largest difference of two networks",
                0,
                0,
                (AsPrinted(sizes)["W1"] - printed["W1"]).Enumerate().Max(Math.Abs)
            ),
            AboveZero(
                seed,
                "repaired, two generators: the same",
                (LectureNote.InitializeParameters(sizes, new Random(seed + 1))["W1"] - repaired["W1"])
                    .Enumerate()
                    .Max(Math.Abs)
            ),
        ];

        static bool IsWeight(string name) => name.StartsWith('W');
    }

    /// <summary>The note's function to the letter: the digit 1 for the index, and a seed of its own.</summary>
    private static Dictionary<string, Matrix<double>> AsPrinted(IReadOnlyList<int> sizes)
    {
        var random = new Random(1);
        var parameters = new Dictionary<string, Matrix<double>>();
        for (int l = 1; l < sizes.Count; l++)
            parameters["W1"] = Initializer.Normal(0.01).Sample(sizes[1], sizes[0], random);
        return parameters;
    }
}
