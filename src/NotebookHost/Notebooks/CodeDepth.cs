namespace NotebookHost.Notebooks;

/// <summary>
/// How deep the brackets of code are nested. The compiler's parser takes a stack for it and time in its square, so it is
/// looked at before code is parsed in a process that others need.
/// </summary>
internal static class CodeDepth
{
    private const int MostBrackets = 100;

    /// <summary>Whether at most so many brackets are open at a time.</summary>
    public static bool IsShallow(string code)
    {
        int depth = 0;
        int angles = 0;
        foreach (char c in code)
        {
            if (c is '(' or '[' or '{')
                depth++;
            else if (c is ')' or ']' or '}')
                depth = Math.Max(0, depth - 1);
            // An angle may be a comparison, which nothing closes.
            angles = c switch
            {
                '<' => angles + 1,
                '>' => Math.Max(0, angles - 1),
                ';' or '{' or '}' => 0,
                _ => angles,
            };
            if (depth > MostBrackets || angles > MostBrackets)
                return false;
        }
        return true;
    }
}
