using System.Reflection;

namespace NotebookSupport;

/// <summary>The exercises of the course, by the number that their notebook gives them.</summary>
public static class Exercises
{
    private static readonly Exercise[] All =
    [
        .. from type in typeof(Exercises).Assembly.GetExportedTypes()
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Static)
        where property.PropertyType.IsSubclassOf(typeof(Exercise))
        let exercise = (Exercise)property.GetValue(null)!
        orderby exercise.Number
        select exercise,
    ];

    /// <summary>
    /// Checks an answer at once, as <see cref="Exercise{TAnswer}.Check"/> does. Its type is compared when the cell runs: declare
    /// the answer with the type that the notebook gives, and the compiler holds what you write against it.
    /// </summary>
    /// <param name="number">The number of the exercise, such as 4.1.</param>
    /// <param name="answer">The answer; null while the exercise is open.</param>
    public static ExerciseResult Check(string number, object? answer) => Find(number).CheckAny(answer);

    /// <summary>Checks an answer that is a method of the cell, given by its name, which the compiler warns of as an object.</summary>
    /// <param name="number">The number of the exercise, such as 0.2.</param>
    /// <param name="answer">The answer; null while the exercise is open.</param>
    public static ExerciseResult Check(string number, Delegate? answer) => Find(number).CheckAny(answer);

    /// <summary>The next help, for a reader who is stuck.</summary>
    /// <param name="number">The number of the exercise, such as 4.1.</param>
    /// <param name="step">1 for the first hint, and so on.</param>
    public static string Hint(string number, int step) => Find(number).Hint(step);

    private static Exercise Find(string number) =>
        Array.Find(All, exercise => exercise.Number == Require.NotNull(number))
        ?? throw Require.OutOfRange(
            nameof(number),
            number,
            "one of " + string.Join(", ", All.Select(exercise => exercise.Number))
        );
}
