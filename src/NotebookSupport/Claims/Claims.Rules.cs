namespace NotebookSupport;

/// <content>The claims of notebook 04.</content>
public static partial class Claims
{
    private static IEnumerable<Claim> Rules => [];
}
