using Microsoft.Playwright;

namespace Notebooks.Tests;

/// <summary>A reader answers the predictions of a page.</summary>
[Collection(nameof(CourseSite))]
public sealed class PredictionTests(CourseSite site)
{
    [SkippableFact]
    public async Task AResultIsUncoveredByAnAnswerThatStays()
    {
        IPage page = await site.OpenAsync("01-symmetry");
        ILocator answer = page.Locator("#predict-1 + .answer");
        ILocator commit = answer.Locator(".commit");
        int covered = await page.Locator(".covered").CountAsync();
        Assert.True(covered > 0);
        Assert.True(await commit.IsDisabledAsync());
        await answer.Locator("input").FillAsync("8");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(answer.Locator(".said")).ToContainTextAsync("You said: 8 units");
        Assert.InRange(await page.Locator(".covered").CountAsync(), 1, covered - 1);

        ILocator choice = page.Locator("#predict-2 ~ .answer").First;
        await choice.GetByRole(AriaRole.Radio).First.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await choice.Locator(".commit").ClickAsync();
        await Assertions
            .Expect(choice.Locator(".said"))
            .ToContainTextAsync("You said: a straight line beside a closed curve.");

        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#predict-1 + .answer .said")).ToContainTextAsync("You said: 8 units");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all results" }).ClickAsync();
        Assert.Equal(0, await page.Locator(".covered, .cover-note").CountAsync());
        await page.ReloadAsync();
        await Assertions
            .Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cover the results" }))
            .ToBeVisibleAsync();
        Assert.Equal(0, await page.Locator(".covered").CountAsync());
        Assert.Empty(site.Reader!.Complaints);
        await page.CloseAsync();
    }

    /// <summary>Covered results are a strip, not a void; what was answered before is shown before any script has run.</summary>
    [SkippableFact]
    public async Task WhatIsCoveredTakesOneStrip()
    {
        const string Heights = "parts => parts.map(part => part.getBoundingClientRect().height)";
        IPage page = await site.OpenAsync("01-symmetry");
        double[] heights = await page.Locator(".covered").EvaluateAllAsync<double[]>(Heights);
        int predictions = await page.Locator("p.predict").CountAsync();
        Assert.Equal(predictions, heights.Count(height => height > 0));
        Assert.InRange(heights.Max(), 40, 80);

        await page.Locator("#predict-1 + .answer input").FillAsync("8");
        await page.Keyboard.PressAsync("Enter");
        await page.RouteAsync("**/predict.js", route => route.AbortAsync());
        await page.ReloadAsync();
        ILocator answered = page.Locator("[data-answers='predict-1']");
        Assert.All(await answered.EvaluateAllAsync<double[]>(Heights), height => Assert.InRange(height, 1, 2000));
        Assert.NotEqual(0, await answered.CountAsync());
        await Assertions.Expect(page.Locator("[data-answers='predict-2']").Last).ToBeHiddenAsync();
        await page.CloseAsync();
    }

    [SkippableFact]
    public async Task ASketchIsDrawnByPointerAndByKeyboard()
    {
        IPage page = await site.OpenAsync("02-how-small");
        ILocator answer = page.Locator("#predict-1 ~ .answer").First;
        await answer.Locator(".pad").ScrollIntoViewIfNeededAsync();
        LocatorBoundingBoxResult board = (await answer.Locator(".pad").BoundingBoxAsync())!;
        ILocator line = answer.Locator("polyline");
        string before = (await line.GetAttributeAsync("points"))!;
        await page.Mouse.MoveAsync(board.X + 2, board.Y + 10);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(board.X + board.Width - 2, board.Y + board.Height - 10, new() { Steps = 20 });
        await page.Mouse.UpAsync();
        string drawn = (await line.GetAttributeAsync("points"))!;
        Assert.NotEqual(before, drawn);
        await answer.GetByRole(AriaRole.Slider).First.FocusAsync();
        await page.Keyboard.PressAsync("End");
        string moved = (await line.GetAttributeAsync("points"))!;
        Assert.StartsWith("0,0 ", moved, StringComparison.Ordinal);
        await answer.Locator(".commit").ClickAsync();
        Assert.Equal(moved, await answer.Locator("polyline").GetAttributeAsync("points"));
        await page.CloseAsync();
    }

    /// <summary>A link to what is covered uncovers it.</summary>
    [SkippableFact]
    public async Task ALinkLeadsToAResult()
    {
        IPage page = await site.OpenAsync("01-symmetry");
        string id = await page.EvaluateAsync<string>("document.querySelector('.covered [id], .covered[id]').id");
        await page.EvaluateAsync("id => location.hash = id", id);
        await page.WaitForFunctionAsync("id => !document.getElementById(id).closest('.covered')", id);
        Assert.NotEqual(0, await page.Locator(".covered").CountAsync());
        await page.CloseAsync();
    }

    [SkippableFact]
    public async Task WithoutScriptsEverythingIsShown()
    {
        IPage page = await site.OpenAsync("01-symmetry", scripts: false);
        await Assertions.Expect(page.Locator(".answer").First).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".predictions")).ToBeHiddenAsync();
        foreach (ILocator result in await page.Locator(".covered").AllAsync())
            await Assertions.Expect(result).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".choices").First).ToBeVisibleAsync();
        await page.CloseAsync();
    }

    /// <summary>Every prediction of the lessons says what kind of answer it takes.</summary>
    [Fact]
    public void EveryPredictionTakesAnAnswer()
    {
        foreach (string notebook in Course.Notebooks)
        foreach (string text in Course.Cells(notebook).Where(cell => !Course.IsCode(cell)).Select(Course.Source))
            if (text.IndexOf("**Predict:**", StringComparison.Ordinal) is >= 0 and var at)
                Assert.Matches(@"____|\n\n\* \( \) .+\n\* \( \) .+|\n\n```sketch\n", text[at..]);
    }
}
