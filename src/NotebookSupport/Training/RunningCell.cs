using System.Reflection;

namespace NotebookSupport;

/// <summary>
/// The notebook cell that runs, as its host knows it. .NET Interactive's context is found by name among the loaded
/// assemblies, so that no reference to it is needed; a host is there before it loads this library.
/// </summary>
internal static class RunningCell
{
    private const string Context = "Microsoft.DotNet.Interactive.KernelInvocationContext";

    private static readonly Func<object?>? Current = HostType(Context)
        ?.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)
        ?.GetMethod!.CreateDelegate<Func<object?>>();

    /// <summary>
    /// Where a host may leave an <c>Action&lt;CancellationToken&gt;</c> in <see cref="AppContext"/>: called with a token,
    /// it has the cell's loops in the current flow of execution stop when that token is cancelled.
    /// </summary>
    public const string FollowedByLoops = "NotebookSupport.FollowedByLoops";

    private static readonly AsyncLocal<CancellationToken?> Followed = new();

    /// <summary>From here on, trainings and guarded loops in this flow of execution stop when the token is cancelled.</summary>
    public static void Follow(CancellationToken token)
    {
        Followed.Value = token;
        (AppContext.GetData(FollowedByLoops) as Action<CancellationToken>)?.Invoke(token);
    }

    /// <summary>
    /// Cancelled when the reader interrupts the cell, or the token that is followed is; never where no cell runs.
    /// </summary>
    public static CancellationToken Interruption => Followed.Value ?? OfHost;

    private static CancellationToken OfHost =>
        Current?.Invoke() is { } context && context.GetType().GetProperty("CancellationToken") is { } property
            ? (CancellationToken)property.GetValue(context)!
            : CancellationToken.None;

    /// <summary>A type of the host; null where no host has it.</summary>
    public static Type? HostType(string name) =>
        AppDomain
            .CurrentDomain.GetAssemblies()
            .Select(assembly => assembly.GetType(name))
            .FirstOrDefault(type => type is not null);
}
