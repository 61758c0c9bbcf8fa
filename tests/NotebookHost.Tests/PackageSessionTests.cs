using System.Text.Json.Nodes;
using NotebookHost.Jupyter;

namespace NotebookHost.Tests;

/// <summary>One kernel beside a folder of packages, to which each test adds some of names that no other uses.</summary>
public sealed class PackageSession : IDisposable
{
    private readonly NotebookFolder _folder = new();

    public PackageSession()
    {
        Feed = new PackageFeed(_folder["feed"]);
        PackageFeed.Configure(_folder, "feed");
        Kernel = new KernelClient(_folder.Root, $"XDG_DATA_HOME='{_folder["data"]}' exec \"$@\"");
    }

    internal PackageFeed Feed { get; }

    internal KernelClient Kernel { get; }

    public void Dispose()
    {
        Kernel.Dispose();
        _folder.Dispose();
    }
}

/// <summary>What cells get for packages one after the other, as in a session of hours.</summary>
public sealed class PackageSessionTests(PackageSession session) : IClassFixture<PackageSession>
{
    private readonly PackageFeed _feed = session.Feed;
    private readonly KernelClient _kernel = session.Kernel;

    [Fact]
    public void PackagesOfACellComeInOneVersionEach()
    {
        _feed.AddLibraries("LowA 1.0.0", "LowA 2.0.0", "HighA 1.0.0 needs LowA 2.0.0");
        Assert.Equal(
            ["LowA 2.0.0 is used instead of 1.0.0, because HighA 1.0.0 needs it.\n", "2.0.0 1.0.0"],
            Shown("#r \"nuget: LowA, 1.0.0\"\n#r \"nuget: HighA, 1.0.0\"\nLowA.Version + \" \" + HighA.Version")
        );
    }

    [Fact]
    public void ALaterCellSharesWhatAnEarlierOneBrought()
    {
        _feed.AddLibraries("LowB 1.0.0", "LowB 1.5.0", "HighB 1.0.0 needs LowB 1.0.0");
        Assert.Equal(["1.5.0"], Shown("#r \"nuget: LowB, 1.5.0\"", "#r \"nuget: HighB, 1.0.0\"", "LowB.Version"));
    }

    [Fact]
    public void AnyVersionIsTheOneThatAnEarlierCellBrought()
    {
        _feed.AddLibraries("LowC 1.0.0", "LowC 2.0.0", "HighC 1.0.0 needs LowC 1.0.0");
        Assert.Equal(
            ["LowC 1.0.0 is used.\n", "1.0.0"],
            Shown("#r \"nuget: HighC, 1.0.0\"", "#r \"nuget: LowC\"\nLowC.Version")
        );
    }

    [Fact]
    public void PackagesWithoutAnAssemblyOfTheirOwnSucceed()
    {
        _feed.AddLibraries("LowD 1.0.0");
        _feed.Add("Names.Others", "1.0.0", [("LowD", "1.0.0")]);
        _feed.Add("Only.Natives", "1.0.0", [], ("runtimes/any/native/data.so", [1]));
        _feed.Add(
            "Only.Content",
            "1.0.0",
            [],
            ("contentFiles/any/any/a.txt", [65]),
            ("build/Only.Content.props", "<Project />"u8.ToArray())
        );
        Assert.Equal(
            ["1.0.0"],
            Shown(
                "#r \"nuget: Only.Natives, 1.0.0\"",
                "#r \"nuget: Only.Content, 1.0.0\"\n#r \"nuget: Names.Others, 1.0.0\"\nLowD.Version"
            )
        );
    }

    [Fact]
    public void TheVersionIsSaidWhereItIsNotTheOneAskedFor()
    {
        (string Asked, string? Sentence, string Version)[] cases =
        [
            ("None", "None 2.0.0 is used.", "2.0.0"),
            ("Newest, *", "Newest 2.0.0 is used for *.", "2.0.0"),
            ("Pattern, 1.*", "Pattern 1.5.0 is used for 1.*.", "1.5.0"),
            ("Between, [1.0.0,2.0.0)", "Between 1.0.0 is used for [1.0.0,2.0.0).", "1.0.0"),
            ("Early, *-*", "Early 3.0.0-beta.1 is used for *-*.", "3.0.0-beta.1"),
            ("Next, 1.2.0", "Next 1.5.0 is used instead of 1.2.0, because 1.2.0 was not found.", "1.5.0"),
            ("Same, 1.5.0", null, "1.5.0"),
            ("Short,1.5", null, "1.5.0"),
        ];
        string[] names = [.. cases.Select(one => one.Asked.Split(',')[0])];
        foreach (string name in names)
        foreach (string served in (List<string>)["1.0.0", "1.5.0", "2.0.0", "3.0.0-beta.1"])
            _feed.AddLibraries($"{name} {served}");
        string cell =
            string.Concat(cases.Select(one => $"#r \"nuget:{one.Asked}\"\n"))
            + $"string.Join(' ', {string.Join(", ", names.Select(name => name + ".Version"))})";
        Assert.Equal(
            [
                string.Concat(cases.Select(one => one.Sentence).OfType<string>().Select(sentence => sentence + "\n")),
                string.Join(' ', cases.Select(one => one.Version)),
            ],
            Shown(cell)
        );
    }

    [Fact]
    public void ADirectiveMayStandAfterOtherCode()
    {
        _feed.AddLibraries("LowE 1.0.0");
        Assert.Equal(
            "(4,1): error CS0103: The name 'x' does not exist in the current context",
            Error("using System;\n  #r \"nuget: LowE, 1.0.0\"\n_ = LowE.Version;\nx")
        );
    }

    [Fact]
    public void AnotherVersionOfWhatIsLoadedIsRefused()
    {
        _feed.AddLibraries("LowF 1.0.0", "LowF 2.0.0");
        Shown("#r \"nuget: LowF, 1.0.0\"\nLowF.Version");
        Assert.Contains(
            "#r \"nuget: LowF, 2.0.0\": LowF 1.0.0 is loaded already. A process holds one version of an assembly; "
                + "restart and name it first, or both in one cell.",
            Error("#r \"nuget: LowF, 2.0.0\""),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WhatAPackageMerelyNeedsComesNewerBesideTheCopyInUse()
    {
        _feed.AddLibraries("LowG 1.0.0", "LowG 2.0.0", "HighG 1.0.0 needs LowG 2.0.0");
        Assert.Equal(
            ["1.0.0", "1.0.0"],
            Shown("#r \"nuget: LowG, 1.0.0\"\nLowG.Version", "#r \"nuget: HighG, 1.0.0\"\nHighG.Version")
        );
    }

    [Fact]
    public void ACellThatFailedLeavesNothingForTheNext()
    {
        _feed.AddLibraries("LowH 1.0.0");
        Assert.Contains(
            "No.Such",
            Error("#r \"nuget: LowH, 1.0.0\"\n#r \"nuget: No.Such, 1.0.0\""),
            StringComparison.Ordinal
        );
        Assert.Contains("CS0103", Error("LowH.Version"), StringComparison.Ordinal);
        Assert.Equal(["1.0.0"], Shown("#r \"nuget: LowH, 1.0.0\"\nLowH.Version"));
        Assert.Equal(["1.0.0"], Shown("#r \"nuget: LowH, 1.0.0\"\nLowH.Version"));
    }

    [Fact]
    public void CompletionKnowsWhatWasAdded()
    {
        _feed.AddLibraries("LowI 1.0.0");
        _kernel.Execute("#r \"System.Text.Json\"\n#r \"nuget: System.Net.Http\"\n#r \"nuget: LowI, 1.0.0\"");
        foreach (
            (string typed, string expected) in new[]
            {
                ("LowI.Ver", "Version"),
                ("System.Text.Json.JsonSer", "JsonSerializer"),
            }
        )
        {
            JsonObject reply = _kernel.Complete(typed, typed.Length);
            Assert.Contains(expected, reply["matches"]!.AsArray().Select(match => match!.ToString()));
        }
    }

    private string Error(string cell) => _kernel.Execute(cell).Reply["evalue"]!.ToString();

    /// <summary>The texts of all outputs of cells that succeed, in order, what a cell prints as one.</summary>
    private string[] Shown(params string[] cells)
    {
        var shown = new List<string>();
        foreach (string cell in cells)
        {
            (JsonObject reply, Message[] published) = _kernel.Execute(cell);
            Assert.True(reply["status"]!.ToString() == "ok", $"{reply["evalue"]}");
            string printed = string.Concat(
                published.Where(message => message.Type == "stream").Select(message => message.Content["text"])
            );
            shown.AddRange(
                published
                    .Where(message => message.Type is "execute_result" or "display_data")
                    .Select(message => $"{message.Content["data"]!["text/plain"]}")
                    .Prepend(printed)
                    .Where(text => text.Length > 0)
            );
        }
        return [.. shown];
    }
}
