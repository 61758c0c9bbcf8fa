using System.Collections.Concurrent;
using MathNet.Numerics.RootFinding;

namespace NotebookSupport;

/// <summary>
/// Mean-field theory of signals in a wide random network, layer by layer: weights N(0, s²/n) with n the fan-in, biases
/// N(0, s_b²). Sources: Poole, Lahiri, Raghu, Sohl-Dickstein and Ganguli, "Exponential expressivity in deep neural
/// networks through transient chaos", 2016 (the two maps); Schoenholz, Gilmer, Ganguli and Sohl-Dickstein, "Deep
/// Information Propagation", 2017 (chi, critical line, depth scales).
/// </summary>
public static class MeanField
{
    private const double Accuracy = 1e-12;

    /// <summary>A second moment of exp(40) that still grows is taken to grow without end.</summary>
    private const double HighestLogarithm = 40;

    private const int MostKept = 256;

    /// <summary>What was solved for the latest scales: a chart asks for many points of one map.</summary>
    private static readonly ConcurrentDictionary<(Activation, double, double), FixedPoint> Solved = new();

    /// <summary>The length map: q' = s² E[phi(sqrt(q) z)²] + s_b², the second moment of z one layer later.</summary>
    /// <param name="activation">phi.</param>
    /// <param name="q">The second moment of z; at least 0.</param>
    /// <param name="s">The weight scale; at least 0.</param>
    /// <param name="biasScale">s_b; at least 0, default 0.</param>
    public static double NextLength(Activation activation, double q, double s, double biasScale = 0)
    {
        Check(activation, s, biasScale);
        Require.NonNegative(q);
        return s * s * SecondMoment(activation, q) + biasScale * biasScale;
    }

    /// <summary>
    /// q*, the fixed point of the length map. For a ReLU or linear network the map is a straight line: q* is
    /// s_b² / (1 - slope) below slope 1 and infinite above; at slope 1 without biases every q stays, and 1 is returned.
    /// </summary>
    /// <param name="activation">phi.</param>
    /// <param name="s">The weight scale; at least 0.</param>
    /// <param name="biasScale">s_b; at least 0, default 0.</param>
    public static double LengthFixedPoint(Activation activation, double s, double biasScale = 0) =>
        FixedPointOf(activation, s, biasScale).Length;

    /// <summary>
    /// chi = s² E[phi'(sqrt(q) z)²], the mean factor per layer of a squared gradient, and of a small squared distance.
    /// </summary>
    /// <param name="activation">phi.</param>
    /// <param name="q">The second moment of z; at least 0.</param>
    /// <param name="s">The weight scale; at least 0.</param>
    public static double Chi(Activation activation, double q, double s)
    {
        Check(activation, s, 0);
        if (activation.IsPiecewiseLinear)
            return s * s * SecondMoment(activation, 1);
        if (double.IsPositiveInfinity(q))
            return s
                * s
                * (Square(activation.Derivative(-double.MaxValue)) + Square(activation.Derivative(double.MaxValue)))
                / 2;
        Require.NonNegative(q);
        return s * s * MeanSquare(activation, q, ofDerivative: true);
    }

    /// <summary>chi at the fixed point q*, the factor per layer deep in a network.</summary>
    /// <param name="activation">phi.</param>
    /// <param name="s">The weight scale; at least 0.</param>
    /// <param name="biasScale">s_b; at least 0, default 0.</param>
    public static double ChiAtFixedPoint(Activation activation, double s, double biasScale = 0) =>
        Chi(activation, LengthFixedPoint(activation, s, biasScale), s);

    /// <summary>
    /// The correlation map at q*: the correlation of the z of two inputs one layer later. Closed for ReLU; source: Cho and
    /// Saul, "Kernel Methods for Deep Learning", 2009 (the arc-cosine kernel of degree 1).
    /// </summary>
    /// <param name="activation">phi.</param>
    /// <param name="correlation">c, from -1 to 1.</param>
    /// <param name="s">The weight scale; at least 0.</param>
    /// <param name="biasScale">s_b; at least 0, default 0. q* has to be above 0 and finite.</param>
    public static double NextCorrelation(Activation activation, double correlation, double s, double biasScale = 0)
    {
        Check(activation, s, biasScale);
        Require.Between(correlation, -1, 1);
        FixedPoint point = FixedPointOf(activation, s, biasScale);
        double q = point.Length;
        if (q == 0 || double.IsPositiveInfinity(q))
            throw Require.OutOfRange(nameof(s), s, Invariant($"a scale whose q* is above 0 and finite, not {q}"));
        double product = activation.IsPiecewiseLinear
            ? q * PiecewiseLinearProduct(activation, correlation)
            : point.Dual?.Value.Of(correlation) ?? Gaussian.Product(activation.Value, correlation, q);
        return (s * s * product + biasScale * biasScale) / q;
    }

    /// <summary>
    /// c*, the fixed point of the correlation map, which two different inputs approach: 1 where chi at q* is at most 1 (order), below 1 where it
    /// is above (chaos).
    /// </summary>
    /// <param name="activation">phi.</param>
    /// <param name="s">The weight scale; at least 0.</param>
    /// <param name="biasScale">s_b; at least 0, default 0.</param>
    public static double CorrelationFixedPoint(Activation activation, double s, double biasScale = 0)
    {
        if (ChiAtFixedPoint(activation, s, biasScale) <= 1 + Accuracy)
            return 1;
        double Excess(double c) => NextCorrelation(activation, c, s, biasScale) - c;
        return Excess(0) <= Accuracy ? 0 : Brent.FindRoot(Excess, 0, 1 - 1e-6, Accuracy, 200);
    }

    /// <summary>The weight scale at which chi at q* is 1: the line between order and chaos.</summary>
    /// <param name="activation">phi.</param>
    /// <param name="biasScale">s_b; at least 0, default 0.</param>
    public static double CriticalScale(Activation activation, double biasScale = 0)
    {
        Check(activation, 1, biasScale);
        if (activation.IsPiecewiseLinear)
            return 1 / Math.Sqrt(SecondMoment(activation, 1));
        return Brent.FindRoot(s => ChiAtFixedPoint(activation, s, biasScale) - 1, 0.5, 100, Accuracy, 200);
    }

    /// <summary>The number of layers over which a factor chi per layer takes a quantity to 1/e: -1 / ln chi.</summary>
    /// <param name="chi">The factor; above 0; infinite depth at 1, negative (growth) above.</param>
    public static double DepthScale(double chi) => -1 / Math.Log(Require.Positive(chi));

    private static FixedPoint FixedPointOf(Activation activation, double s, double biasScale)
    {
        Check(activation, s, biasScale);
        // A function of the reader's may change from call to call: it may use a variable of a cell.
        if (activation.IsOwn)
            return new FixedPoint(Solve(activation, s, biasScale), null);
        if (Solved.Count >= MostKept)
            Solved.Clear();
        return Solved.GetOrAdd(
            (activation, s, biasScale),
            _ =>
            {
                double q = Solve(activation, s, biasScale);
                return new FixedPoint(q, new Lazy<DualActivation>(() => new DualActivation(activation, q)));
            }
        );
    }

    private static double Solve(Activation activation, double s, double biasScale)
    {
        double biases = biasScale * biasScale;
        if (activation.IsPiecewiseLinear)
        {
            double slope = s * s * SecondMoment(activation, 1);
            return slope < 1 - Accuracy ? biases / (1 - slope)
                : slope < 1 + Accuracy && biases == 0 ? 1
                : double.PositiveInfinity;
        }
        double Growth(double logarithm)
        {
            double q = Math.Exp(logarithm);
            return NextLength(activation, q, s, biasScale) / q - 1;
        }
        double low = Math.Log(1e-14);
        double high = Math.Log(s * s + biases + 1);
        if (Growth(low) <= Accuracy)
            return 0;
        // A bounded phi stays below s² + s_b²; another may grow without end, or have its fixed point higher up.
        if (Growth(high) > 0)
        {
            for (high = low + 1; Growth(high) > Accuracy; high++)
                if (high > HighestLogarithm)
                    return double.PositiveInfinity;
            low = high - 1;
        }
        return Math.Exp(Brent.FindRoot(Growth, low, high, Accuracy, 200));
    }

    private static double SecondMoment(Activation activation, double q) =>
        activation.IsPiecewiseLinear
            ? q * (1 + Square(activation.Derivative(-1))) / 2
            : MeanSquare(activation, q, ofDerivative: false);

    /// <summary>E[phi(u) phi(v)] for u, v of variance 1 and correlation c, and phi(u) = (1 - a) ReLU(u) + a u, of slope a below 0.</summary>
    private static double PiecewiseLinearProduct(Activation activation, double c)
    {
        double a = activation.Derivative(-1);
        double arcCosine = (Math.Sqrt(Math.Max(0, 1 - c * c)) + c * (Math.PI - Math.Acos(c))) / (2 * Math.PI);
        return Square(1 - a) * arcCosine + a * (1 - a) * c + a * a * c;
    }

    /// <summary>E[phi(sqrt(q) z)²] and E[phi'(sqrt(q) z)²], from one set of nodes.</summary>
    /// <param name="activation">phi.</param>
    /// <param name="q">The second moment of z; at least 0.</param>
    internal static (double OfValue, double OfSlope) Moments(Activation activation, double q)
    {
        if (activation.IsPiecewiseLinear)
            return (SecondMoment(activation, q), SecondMoment(activation, 1));
        if (q == 0)
            return (Square(activation.Value(0)), Square(activation.Derivative(0)));
        Span<double> nodes = stackalloc double[Gaussian.MostNodes];
        Span<double> weights = stackalloc double[Gaussian.MostNodes];
        int count = Gaussian.Rule(0, Math.Sqrt(q), nodes, weights);
        Span<double> values = stackalloc double[count];
        activation.Apply(nodes[..count], values);
        double ofValue = SumOfSquares(values, weights);
        Span<double> slopes = stackalloc double[count];
        slopes.Fill(1);
        activation.MultiplyByDerivative(nodes[..count], values, slopes);
        return (ofValue, SumOfSquares(slopes, weights));
    }

    private static double MeanSquare(Activation activation, double q, bool ofDerivative)
    {
        (double ofValue, double ofSlope) = Moments(activation, q);
        return ofDerivative ? ofSlope : ofValue;
    }

    private static double SumOfSquares(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
            sum += weights[i] * Square(values[i]);
        return sum;
    }

    private static double Square(double x) => x * x;

    private static void Check(Activation activation, double s, double biasScale)
    {
        Require.NotNull(activation);
        Require.NonNegative(s);
        Require.NonNegative(biasScale);
    }

    /// <summary>q* and the table for the correlations there; null where none is kept.</summary>
    private sealed record FixedPoint(double Length, Lazy<DualActivation>? Dual);
}
