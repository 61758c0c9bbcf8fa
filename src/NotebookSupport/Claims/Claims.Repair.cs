namespace NotebookSupport;

/// <content>The claims of notebook 08.</content>
public static partial class Claims
{
    private static IEnumerable<Claim> Repair => [];
}
