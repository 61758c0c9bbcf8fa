namespace NotebookSupport;

/// <content>The claims of notebook 05.</content>
public static partial class Claims
{
    private static IEnumerable<Claim> Dying => [];
}
