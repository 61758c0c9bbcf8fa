using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace NotebookSupport.Tests;

public partial class ReadmeTests
{
    private static readonly HashSet<string> Named =
    [
        .. Word()
            .Matches(File.ReadAllText(Path.Combine(Folder(), "../../src/NotebookSupport/README.md")))
            .Select(m => m.Value),
    ];

    [Fact]
    public void EverythingPublicIsNamed()
    {
        const BindingFlags flags =
            BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        IEnumerable<string> names =
            from type in typeof(Network).Assembly.GetExportedTypes()
            from name in type.GetMembers(flags)
                .Where(member =>
                    type.IsEnum == false
                    && type.IsSubclassOf(typeof(Delegate)) == false
                    && member.MemberType is MemberTypes.Method or MemberTypes.Property or MemberTypes.Field
                    && member is not MethodInfo { IsSpecialName: true }
                )
                .Select(member => member.Name)
                .Append(type.Name.Split('`')[0])
            where name is not ("ToString" or "Equals" or "GetHashCode" or "Deconstruct" or "<Clone>$" or "value__")
            select name;
        Assert.Equal([], names.Distinct().Except(Named));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("[A-Za-z0-9_]+")]
    private static partial Regex Word();
}
