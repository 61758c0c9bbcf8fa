namespace NotebookSupport;

/// <content>The claims of notebook 06.</content>
public static partial class Claims
{
    private static IEnumerable<Claim> ClippingClaims => [];
}
