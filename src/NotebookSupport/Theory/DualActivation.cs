namespace NotebookSupport;

/// <summary>
/// E[phi(u) phi(v)] for normal u, v of mean 0, variance q and correlation c, as a function of c. It is the power series
/// with the coefficients a_k², where a_k = E[phi(sqrt(q) z) h_k(z)] for the normalized Hermite polynomials h_k (Mehler's
/// formula), so that one table serves every c. Source: Daniely, Frostig and Singer, "Toward Deeper Understanding of Neural
/// Networks: The Power of Initialization and a Dual View on Expressivity", 2016, section 4.2.
/// </summary>
internal sealed class DualActivation
{
    /// <summary>What the series may leave out of E[phi²], relative to it.</summary>
    private const double Accuracy = 1e-12;

    /// <summary>Up to here h_k oscillates slowly enough for the nodes: with sqrt(k) radians per unit.</summary>
    private const int MostTerms = 20_000;

    private readonly Activation _activation;
    private readonly double _q;
    private readonly double _meanSquare;
    private readonly List<double> _squares = [];
    private readonly double _rest;

    public DualActivation(Activation activation, double q)
    {
        _activation = activation;
        _q = q;
        double deviation = Math.Sqrt(q);
        (double[] z, double[] weights) = Gaussian.UpperHalf(deviation);
        // h_k is even or odd, so that half of the nodes are enough.
        double[] even = new double[z.Length];
        double[] odd = new double[z.Length];
        for (int i = 0; i < z.Length; i++)
        {
            double above = activation.Value(deviation * z[i]);
            double below = activation.Value(-deviation * z[i]);
            even[i] = weights[i] * (above + below);
            odd[i] = weights[i] * (above - below);
            _meanSquare += weights[i] * (above * above + below * below);
        }
        _rest = _meanSquare;
        double[] h = new double[z.Length];
        double[] before = new double[z.Length];
        Array.Fill(h, 1);
        for (int k = 0; k < MostTerms && _rest > Accuracy * _meanSquare; k++)
        {
            double coefficient = NextTerm(z, k % 2 == 0 ? even : odd, h, before, k);
            (h, before) = (before, h);
            _squares.Add(coefficient * coefficient);
            _rest -= coefficient * coefficient;
        }
    }

    /// <param name="c">The correlation, from -1 to 1.</param>
    public double Of(double c)
    {
        // The series leaves out at most this; a phi with a kink or a jump has one that ends too late.
        if (_rest * Math.Pow(Math.Abs(c), _squares.Count) > 10 * Accuracy * _meanSquare)
            return Gaussian.Product(_activation.Value, c, _q);
        double sum = 0;
        for (int k = TermsThatCount(Math.Abs(c)) - 1; k >= 0; k--)
            sum = Math.FusedMultiplyAdd(sum, c, _squares[k]);
        return sum;
    }

    /// <summary>Up to where size^k is above 1e-17 of size itself.</summary>
    private int TermsThatCount(double size) =>
        size == 1 ? _squares.Count : (int)Math.Min(_squares.Count, 2 + Math.Ceiling(-40 / Math.Log(size)));

    /// <summary>
    /// The sum of f h over the nodes, which is a_k; leaves h_{k+1} = (z h_k - sqrt(k) h_{k-1}) / sqrt(k + 1) in the place of
    /// h_{k-1}.
    /// </summary>
    private static double NextTerm(double[] z, double[] f, double[] h, double[] before, int k)
    {
        double root = Math.Sqrt(k);
        double factor = 1 / Math.Sqrt(k + 1);
        double sum = 0;
        for (int i = 0; i < z.Length; i++)
        {
            sum += f[i] * h[i];
            before[i] = factor * (z[i] * h[i] - root * before[i]);
        }
        return sum;
    }
}
