namespace NotebookSupport;

/// <summary>A loss of two parameters at one place, with its gradient.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="ByX">Its derivative by the first parameter.</param>
/// <param name="ByY">Its derivative by the second.</param>
public readonly record struct PlaneLoss(double Loss, double ByX, double ByY)
{
    /// <summary>The L2 norm of the gradient.</summary>
    public double GradientNorm => Norm.OfRow([ByX, ByY], 0, 1);

    /// <summary>The loss and its gradient in one line.</summary>
    public override string ToString() => Invariant($"loss {Loss:G4}, gradient ({ByX:G4}, {ByY:G4})");
}

/// <summary>One place on the way down a loss of two parameters.</summary>
/// <param name="Step">The steps taken so far.</param>
/// <param name="X">The first parameter.</param>
/// <param name="Y">The second parameter.</param>
/// <param name="Loss">The loss there.</param>
/// <param name="GradientNorm">The L2 norm of the gradient there, before clipping.</param>
public readonly record struct PlaneStep(int Step, double X, double Y, double Loss, double GradientNorm)
{
    /// <summary>The place and the loss in one line.</summary>
    public override string ToString() =>
        Invariant($"step {Step}: ({X:G4}, {Y:G4}), loss {Loss:G4}, gradient norm {GradientNorm:G4}");
}

/// <summary>Gradient descent on a loss of two parameters, with every place it visits.</summary>
public static class PlaneDescent
{
    /// <summary>Descends, clipping the gradient by its norm; ends early where the loss is no longer finite.</summary>
    /// <param name="loss">The loss and its gradient at (x, y).</param>
    /// <param name="x">Where to start; finite.</param>
    /// <param name="y">Where to start; finite.</param>
    /// <param name="learningRate">The step length for a gradient of norm 1; above 0.</param>
    /// <param name="steps">How many steps; at least 1.</param>
    /// <param name="threshold">The largest norm of a gradient; above 0, default no clipping (null).</param>
    /// <returns>The start and the place after each step.</returns>
    public static IReadOnlyList<PlaneStep> Run(
        Func<double, double, PlaneLoss> loss,
        double x,
        double y,
        double learningRate,
        int steps,
        double? threshold = null
    )
    {
        Require.NotNull(loss);
        Require.Finite(x);
        Require.Finite(y);
        Require.Positive(learningRate);
        Require.AtLeast(steps, 1);
        if (threshold is { } limit)
            Require.Positive(limit, nameof(threshold));
        var path = new List<PlaneStep>();
        for (int step = 0; ; step++)
        {
            PlaneLoss here = loss(x, y);
            path.Add(new PlaneStep(step, x, y, here.Loss, here.GradientNorm));
            if (step == steps || !double.IsFinite(here.Loss) || !double.IsFinite(here.GradientNorm))
                return path;
            double rate = learningRate * Math.Min(1, (threshold ?? double.PositiveInfinity) / here.GradientNorm);
            x -= rate * here.ByX;
            y -= rate * here.ByY;
            if (!double.IsFinite(x) || !double.IsFinite(y))
                return path;
        }
    }
}
