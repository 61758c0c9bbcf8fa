namespace NotebookSupport;

/// <summary>The course of noisy numbers: at each step a straight line through the logarithms of its neighbours, weighted by a bell curve.</summary>
internal static class Smoothing
{
    /// <summary>The standard deviation of the weights, as a share of all steps.</summary>
    private const double Width = 1 / 60.0;

    /// <summary>Where the weights end, in standard deviations.</summary>
    private const int Reach = 3;

    /// <summary>Fewer steps have neighbours too far to be averaged.</summary>
    private const int FewestSteps = 60;

    /// <summary>Numbers are noisy if a fifth of them is further from their course than this share of the axis.</summary>
    private const double Noise = 0.015;

    /// <summary>The smoothed numbers at some steps, or null where the numbers are smooth already.</summary>
    /// <param name="values">A number a step; what is not finite and above 0 is left out.</param>
    /// <param name="steps">The steps to return.</param>
    /// <param name="span">The logarithm of the factor that the axis spans.</param>
    public static double[]? Of(IReadOnlyList<double> values, IReadOnlyList<int> steps, double span)
    {
        if (values.Count < FewestSteps || span <= 0)
            return null;
        double[] logs = [.. values.Select(value => value > 0 && double.IsFinite(value) ? Math.Log(value) : double.NaN)];
        double[] smooth = [.. steps.Select(step => At(logs, step))];
        double[] off =
        [
            .. steps.Zip(smooth, (step, course) => Math.Abs(logs[step] - course)).Where(double.IsFinite).Order(),
        ];
        if (off.Length == 0 || off[off.Length * 4 / 5] <= Noise * span)
            return null;
        return [.. smooth.Select(Math.Exp)];
    }

    /// <summary>A straight line through the neighbours, at one step: a mean alone would bend towards them at the ends.</summary>
    private static double At(double[] logs, int step)
    {
        double deviation = Width * logs.Length;
        int reach = (int)Math.Ceiling(Reach * deviation);
        var (all, first, second, sum, moment) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (int t = Math.Max(0, step - reach); t <= Math.Min(logs.Length - 1, step + reach); t++)
        {
            if (!double.IsFinite(logs[t]))
                continue;
            double away = (t - step) / deviation;
            double weight = Math.Exp(-0.5 * away * away);
            all += weight;
            first += weight * away;
            second += weight * away * away;
            sum += weight * logs[t];
            moment += weight * away * logs[t];
        }
        double determinant = all * second - first * first;
        return determinant > 0 ? (second * sum - first * moment) / determinant : sum / all;
    }
}
