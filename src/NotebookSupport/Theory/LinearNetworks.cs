namespace NotebookSupport;

/// <summary>Linear networks, whose training is solved in closed form for a small learning rate.</summary>
public static class LinearNetworks
{
    /// <summary>
    /// The strength of one mode of the data in a network of one hidden layer after a time: the solution of
    /// tau du/dt = 2 u (s - u). Source: Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of
    /// learning in deep linear neural networks", 2014, section 1.2.
    /// </summary>
    /// <param name="time">t; at least 0.</param>
    /// <param name="start">u at time 0, the product of both layers' weights; above 0.</param>
    /// <param name="strength">s, the strength of the mode in the data, where learning ends; above 0.</param>
    /// <param name="timeScale">tau; above 0. With a mean squared error over one output, 1 / (2 learning rate) steps.</param>
    public static double ModeStrength(double time, double start, double strength, double timeScale)
    {
        Require.NonNegative(time);
        Require.Positive(start);
        Require.Positive(strength);
        Require.Positive(timeScale);
        double decay = Math.Exp(-2 * strength * time / timeScale);
        return strength / (1 - decay + strength / start * decay);
    }

    /// <summary>
    /// The time in which weights grow from one size to another while the output is still near 0: with h hidden layers
    /// each weight grows as da/dt = rate a^h, so the time is ln(end / start) / rate for h = 1 and
    /// (start^(1 - h) - end^(1 - h)) / ((h - 1) rate) for more: proportional to ln(1/start), 1/start, 1/start² …
    /// Derived as Saxe, McClelland and Ganguli, 2014, derive the dynamics of one mode of a deep network.
    /// </summary>
    /// <param name="hiddenLayers">h; at least 1.</param>
    /// <param name="start">The size of each weight at first; above 0.</param>
    /// <param name="end">The size that ends the plateau; at least <paramref name="start"/>.</param>
    /// <param name="rate">The growth rate at size 1; above 0.</param>
    public static double PlateauTime(int hiddenLayers, double start, double end, double rate)
    {
        Require.AtLeast(hiddenLayers, 1);
        Require.Positive(start);
        Require.Positive(rate);
        if (!(double.IsFinite(end) && end >= start))
            throw Require.OutOfRange(nameof(end), end, Invariant($"a finite number of at least start, {start}"));
        int h = hiddenLayers - 1;
        return h == 0 ? Math.Log(end / start) / rate : (Math.Pow(start, -h) - Math.Pow(end, -h)) / (h * rate);
    }
}
