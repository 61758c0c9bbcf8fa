using System.CommandLine;
using NotebookHost.Site;

namespace NotebookHost.Commands;

/// <summary>The verb <c>site</c>.</summary>
internal static class SiteCommand
{
    /// <summary>Where a site goes unless it is told otherwise.</summary>
    public const string DefaultOutput = "site";

    public static Command Create()
    {
        Argument<string[]> paths = Paths();
        Option<string> output = Output();
        Option<Uri?> baseUrl = Address(
            "--base-url",
            "Where the site will be published, such as https://example.org/course/: pages then name their address and a "
                + "picture for links to them, and there is a sitemap."
        );
        Option<Uri?> repository = Address(
            "--repository",
            "Where the notebooks come from, such as https://github.com/owner/name: pages then link to it."
        );
        Option<bool> noRun = NoRun();
        var command = new Command(
            "site",
            "Writes notebooks, with the outputs that they hold, as pages that open without a server or a network. A notebook "
                + "that cannot be read is left out; the exit code is then 1. The tags hide-input, remove-input, hide-output, "
                + "remove-output and remove-cell are heeded."
        )
        {
            paths,
            output,
            baseUrl,
            repository,
            noRun,
        };
        command.SetAction(
            (parsed, cancellation) =>
                WriteAsync(
                    parsed.GetRequiredValue(paths),
                    parsed.GetRequiredValue(output),
                    new Publication(WithEnd(parsed.GetValue(baseUrl), "/"), WithEnd(parsed.GetValue(repository), "")),
                    Runs(parsed.GetValue(noRun)),
                    cancellation
                )
        );
        return command;
    }

    private static Option<Uri?> Address(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "URL",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (
                    Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
                    && address is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }
                )
                    return address;
                result.AddError($"{name} is '{text}'; expected an address that begins with https:// or http://.");
                return null;
            },
        };

    private static Uri? WithEnd(Uri? address, string end) =>
        address is null ? null : new Uri(address.AbsoluteUri.TrimEnd('/') + end);

    /// <summary>The notebooks that a site is made of.</summary>
    public static Argument<string[]> Paths() =>
        new("paths")
        {
            Description = "Executed notebooks, or folders of them at any depth.",
            DefaultValueFactory = _ => ["notebooks"],
        };

    /// <summary>Where the site is written.</summary>
    public static Option<string> Output() =>
        new("--output")
        {
            Description = "The folder of the site, which is replaced as a whole.",
            HelpName = "folder",
            DefaultValueFactory = _ => DefaultOutput,
        };

    /// <summary>Whether pages go without what runs C# in them.</summary>
    public static Option<bool> NoRun() =>
        new("--no-run")
        {
            Description =
                "Leave out what lets a reader run and change the cells on the pages: 24 MB, published in a minute where the "
                + "sources changed.",
        };

    /// <summary>Whether pages get what runs C# in them; says why not where that was not asked for.</summary>
    public static bool Runs(bool noRun)
    {
        if (!noRun && !BrowserRuntime.IsHere)
            Console.WriteLine(BrowserRuntime.Absence);
        return !noRun && BrowserRuntime.IsHere;
    }

    /// <summary>Writes a site and says where to open it; returns the exit code.</summary>
    private static async Task<int> WriteAsync(
        IEnumerable<string> paths,
        string folder,
        Publication publication,
        bool runs,
        CancellationToken cancellation
    )
    {
        try
        {
            IReadOnlyList<NotebookFile> files = NotebookFile.Find(paths);
            IReadOnlyList<LeftOut> leftOut = SiteWriter.Write(
                [.. files.Select(file => file.Path)],
                folder,
                publication: publication,
                runs: runs
            );
            bool isWhole = Report(files, leftOut);
            if (runs)
                await BrowserRuntime.PlaceAsync(folder, files.Select(file => file.Path), cancellation);
            Console.WriteLine($"Open {Address(folder)}");
            return isWhole ? 0 : 1;
        }
        catch (Exception error) when (RunCommand.IsExpected(error))
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"Stopped before the folder {BrowserRuntime.Folder} was whole.");
            return 1;
        }
    }

    /// <summary>The address of a site's first page.</summary>
    public static string Address(string folder) =>
        new Uri(Path.GetFullPath(Path.Combine(folder, "index.html"))).AbsoluteUri;

    /// <summary>Says which notebooks have no page, and why; false where one of them should have one.</summary>
    public static bool Report(IReadOnlyList<NotebookFile> files, IReadOnlyList<LeftOut> leftOut)
    {
        bool isWhole = true;
        foreach (LeftOut one in leftOut)
        {
            bool isFailure = files.Single(file => file.Path == one.Path).IsFailure(one.Reason);
            isWhole &= !isFailure;
            (isFailure ? Console.Error : Console.Out).WriteLine($"{one.Reason.Message} It is left out.");
        }
        return isWhole;
    }
}
