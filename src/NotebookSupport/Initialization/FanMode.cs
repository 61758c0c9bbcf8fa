namespace NotebookSupport;

/// <summary>Which count of connections n a variance-scaling initializer divides by.</summary>
public enum FanMode
{
    /// <summary>n = fan-in, the number of inputs of a unit: keeps the forward signal.</summary>
    FanIn,

    /// <summary>n = fan-out, the number of units that an input feeds: keeps the backward signal.</summary>
    FanOut,

    /// <summary>n = (fan-in + fan-out) / 2: the compromise of Glorot and Bengio, 2010.</summary>
    FanAverage,
}
