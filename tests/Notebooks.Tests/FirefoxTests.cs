using System.Diagnostics;
using System.Text.Json.Nodes;
using WebDriverBiDi;
using WebDriverBiDi.BrowsingContext;
using WebDriverBiDi.Script;
using WebDriverBiDi.Session;

namespace Notebooks.Tests;

/// <summary>The cells of a page run in the browser whose engine is not Chromium's, with the digits that are stored.</summary>
[Collection(nameof(CourseSite))]
public sealed class FirefoxTests(CourseSite site)
{
    private const string Firefox = "/usr/bin/firefox-esr";
    private const string Listening = "WebDriver BiDi listening on ";

    /// <summary>Runs a cell, says how that ended, and what it showed.</summary>
    private const string Hand = $$"""
        const cell = (index) => document.querySelector(`.cell[data-cell='${index}']`);
        const until = async (found) => {
          while (!found()) await new Promise((resolve) => setTimeout(resolve, 50));
          return found();
        };
        const run = (index) => {
          [...cell(index).querySelectorAll(".run button")].find(({ textContent }) => textContent === "Run").click();
          return until(() => ["done", "failed", "stopped"].includes(cell(index).dataset.state) && cell(index).dataset.state);
        };
        const outputs = {{RunningLessonTests.Outputs}};
        """;

    [SkippableFact]
    public async Task CellsRunAndAreChanged()
    {
        Skip.IfNot(File.Exists(Firefox), $"There is no browser at {Firefox}.");
        string profile = Directory.CreateTempSubdirectory("firefox-").FullName;
        using Process process = Process.Start(
            new ProcessStartInfo(
                Firefox,
                ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
            )
            {
                RedirectStandardError = true,
            }
        )!;
        try
        {
            string? line;
            do line = await process.StandardError.ReadLineAsync();
            while (line?.StartsWith(Listening, StringComparison.Ordinal) == false);
            _ = process.StandardError.ReadToEndAsync();
            await using var driver = new BiDiDriver(TimeSpan.FromMinutes(2));
            await driver.StartAsync($"{line![Listening.Length..]}/session");
            await driver.Session.NewSessionAsync(new NewCommandParameters());
            string page = (await driver.BrowsingContext.GetTreeAsync(new GetTreeCommandParameters()))
                .ContextTree[0]
                .BrowsingContextId;
            await OpenAsync();

            JsonNode found = await AnswerAsync("[await run(4), ...outputs(cell(4))]");
            Assert.Equal("done", found[0]!.ToString());
            Assert.Equal(found[1]!.ToString(), found[2]!.ToString());
            Assert.Contains("test images classified correctly", found[1]!.ToString());
            await AnswerAsync("localStorage.setItem(`code 00-start-here.html ${cell(6).dataset.id}`, 'n + 1') ?? 0");
            await OpenAsync();
            found = await AnswerAsync("[await run(6), [...cell(6).querySelectorAll('pre.value')].at(-1).textContent]");
            Assert.Equal(["done", "65"], found.AsArray().Select(one => one!.ToString()));

            Task OpenAsync() =>
                driver.BrowsingContext.NavigateAsync(
                    new NavigateCommandParameters(page, new Uri(site.File("00-start-here")).AbsoluteUri)
                    {
                        Wait = ReadinessState.Complete,
                    }
                );

            async Task<JsonNode> AnswerAsync(string expression)
            {
                EvaluateResult result = await driver.Script.EvaluateAsync(
                    new EvaluateCommandParameters(
                        $"(async () => {{ {Hand} return JSON.stringify({expression}); }})()",
                        new ContextTarget(page),
                        true
                    )
                );
                Assert.True(
                    result is EvaluateResultSuccess,
                    (result as EvaluateResultException)?.ExceptionDetails.Text
                );
                return JsonNode.Parse(((EvaluateResultSuccess)result).Result.As<StringRemoteValue>().Value)!;
            }
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            Directory.Delete(profile, recursive: true);
        }
    }
}
