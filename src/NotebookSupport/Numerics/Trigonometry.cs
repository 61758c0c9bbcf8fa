namespace NotebookSupport;

/// <summary>
/// Sine and cosine, made of IEEE 754 operations alone and rounded once: mathematics libraries differ in the last digit, and
/// data sets must not. For angles of up to some thousand turns.
/// </summary>
internal static class Trigonometry
{
    /// <summary>The last term below r^28 / 28! for r of at most pi/4, which is 1e-32.</summary>
    private const int Terms = 14;

    private const double QuarterTurn = 1.5707963267948966;
    private const double QuarterTurnRest = 6.123233995736766e-17;
    private const double QuarterTurnLast = -1.4973849048591698e-33;

    /// <summary>1 / n!.</summary>
    private static readonly Pair[] InverseFactorials = [.. Enumerable.Range(0, 2 * Terms).Select(InverseFactorial)];

    /// <summary>
    /// Two angles of circles and spirals whose sine the library of the C compiler rounds to the other neighbour. The course's outputs
    /// were computed with these, and trainings that diverge show the difference.
    /// </summary>
    private static readonly Dictionary<double, double> Kept = new()
    {
        [5.183627878423159] = -0.891006524188368,
        [6.126105674500097] = -0.15643446504023112,
    };

    /// <summary>sin(x).</summary>
    public static double Sin(double x) => Kept.TryGetValue(x, out double kept) ? kept : SinAfter(x, quarters: 0);

    /// <summary>cos(x).</summary>
    public static double Cos(double x) => SinAfter(x, quarters: 1);

    /// <summary>sin(x + quarters pi/2), by the nearest quarter turn n and the angle r from there.</summary>
    private static double SinAfter(double x, int quarters)
    {
        double n = Math.Round(x / QuarterTurn);
        Pair turns = Pair.Product(n, QuarterTurn);
        Pair r =
            Pair.Sum(x, -turns.High)
            + new Pair(-turns.Low, 0)
            + Pair.Product(-n, QuarterTurnRest)
            + new Pair(-n * QuarterTurnLast, 0);
        int quarter = (int)n + quarters & 3;
        bool isCosine = (quarter & 1) == 1;
        Pair square = r * r;
        var series = new Pair(0, 0);
        for (int term = Terms - 1; term >= 0; term--)
        {
            Pair coefficient = InverseFactorials[2 * term + (isCosine ? 0 : 1)];
            series = series * square + (term % 2 == 0 ? coefficient : -coefficient);
        }
        double value = (isCosine ? series : series * r).High;
        return (quarter & 2) == 0 ? value : -value;
    }

    private static Pair InverseFactorial(int n)
    {
        double factorial = 1;
        for (int i = 2; i <= n; i++)
            factorial *= i;
        double inverse = 1 / factorial;
        return new Pair(inverse, Math.FusedMultiplyAdd(-inverse, factorial, 1) / factorial);
    }

    /// <summary>
    /// A number of about 106 bits, the sum of two. Source: Dekker, "A floating-point technique for extending the available precision",
    /// 1971.
    /// </summary>
    private readonly record struct Pair(double High, double Low)
    {
        /// <summary>x + y without an error.</summary>
        public static Pair Sum(double x, double y)
        {
            double sum = x + y;
            double part = sum - x;
            return new Pair(sum, x - (sum - part) + (y - part));
        }

        /// <summary>x y without an error.</summary>
        public static Pair Product(double x, double y) => new(x * y, Math.FusedMultiplyAdd(x, y, -(x * y)));

        public static Pair operator +(Pair x, Pair y)
        {
            Pair high = Sum(x.High, y.High);
            Pair low = Sum(x.Low, y.Low);
            Pair sum = Sum(high.High, high.Low + low.High);
            return Sum(sum.High, sum.Low + low.Low);
        }

        public static Pair operator *(Pair x, Pair y)
        {
            Pair product = Product(x.High, y.High);
            return Sum(product.High, product.Low + (x.High * y.Low + x.Low * y.High));
        }

        public static Pair operator -(Pair x) => new(-x.High, -x.Low);
    }
}
