using Microsoft.Playwright;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>
/// A notebook's figures find plotly.js whatever loader of AMD modules their page has: none, one from the start, or one
/// that comes while plotly.js is on its way, as the page of .NET Interactive gets it.
/// </summary>
public sealed class FigureLoadingTests
{
    private const string Page = "http://page.example/";
    private const string RequireJs = "/usr/share/javascript/requirejs/require.js";

    /// <summary>A loader that takes every anonymous module, as require.js does.</summary>
    private const string Taker =
        "var taken = []; var define = (names, module) => taken.push(module); define.amd = {}; var require = () => {};";

    /// <summary>A page that calls itself CommonJS to some script of its own.</summary>
    private const string Shim = "window.module = { exports: {} }; window.exports = module.exports;";

    [SkippableTheory]
    [InlineData("", "")]
    [InlineData(Taker, "")]
    [InlineData("", Taker)]
    [InlineData(Shim, "")]
    [InlineData("", Shim)]
    public async Task FiguresAreDrawn(string before, string during)
    {
        await using Reader reader = await Reader.StartAsync();
        IPage page = await OpenAsync(reader, before, during);
        await DrawnAsync(page);
        Assert.True(await page.EvaluateAsync<bool>("!window.taken?.length"));
        Assert.True(await page.EvaluateAsync<bool>("!window.module || !Object.keys(module.exports).length"));
        Assert.DoesNotContain(
            reader.Complaints,
            complaint => !complaint.StartsWith("asked for ", StringComparison.Ordinal)
        );
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RequireJsKeepsItsModulesApart(bool isThereFirst)
    {
        Skip.IfNot(File.Exists(RequireJs), $"There is no {RequireJs}.");
        string require = await File.ReadAllTextAsync(RequireJs);
        await using Reader reader = await Reader.StartAsync();
        IPage page = await OpenAsync(reader, isThereFirst ? require : "", isThereFirst ? "" : require);
        await DrawnAsync(page);
        Assert.Equal(
            "another",
            await page.EvaluateAsync<string>(
                $"new Promise(resolve => require(['{Page}another.js'], module => resolve(module.name)))"
            )
        );
        Assert.DoesNotContain(
            reader.Complaints,
            complaint => !complaint.StartsWith("asked for ", StringComparison.Ordinal)
        );
    }

    private static Task DrawnAsync(IPage page) =>
        page.WaitForFunctionAsync(
            "window.Plotly && ['first', 'second'].every(id => document.querySelector(`#${id} .main-svg`))"
                + " && [...document.querySelectorAll('.notebook-figure')].every(slot => slot.querySelector('.main-svg'))"
        );

    /// <summary>Two figures, the first of them twice as in a copied cell, and one script before them; another runs before plotly.js comes.</summary>
    private static async Task<IPage> OpenAsync(Reader reader, string before, string during)
    {
        using var stream = new StreamReader(typeof(Notebook).Assembly.GetManifestResourceStream("figure.js")!);
        string script = (await stream.ReadToEndAsync()).TrimEnd();
        string Figure(string id) =>
            $"<div id=\"{id}\" class=\"notebook-figure\" aria-label=\"two points\" style=\"height:300px\"></div>"
            + "<script type=\"application/json\">{\"data\":[{\"x\":[1,2],\"y\":[3,4]}],\"layout\":{}}</script>"
            + $"<script>{script}(\"{id}\");</script>";
        string html =
            $"<!doctype html><link rel=\"icon\" href=\"data:,\"><body><script>{before}</script>{Figure("first")}{Figure("second")}{Figure("first")}";
        IPage page = await reader.OpenUrlAsync("about:blank");
        await page.RouteAsync(Page, route => route.FulfillAsync(new() { ContentType = "text/html", Body = html }));
        await page.RouteAsync(
            Page + "another.js",
            route =>
                route.FulfillAsync(
                    new() { ContentType = "text/javascript", Body = "define([], () => ({ name: 'another' }))" }
                )
        );
        await page.RouteAsync(
            "https://cdn.plot.ly/*",
            async route =>
            {
                await page.EvaluateAsync("script => (0, eval)(script)", during);
                await route.FulfillAsync(
                    new() { ContentType = "text/javascript", BodyBytes = NotebookHost.Rendering.PlotlyJs.Script() }
                );
            }
        );
        await page.GotoAsync(Page, new() { WaitUntil = WaitUntilState.Commit });
        return page;
    }
}
