using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using NotebookSupport;

namespace NotebookHost.Tests;

/// <summary>The library's view of .NET Interactive, which it finds by names, held against the real package.</summary>
public sealed class DotNetInteractiveHostTests
{
    [Fact]
    public async Task ARunningCellShowsAndReplaces()
    {
        List<KernelEvent> events = await RunAsync(host =>
        {
            IDisplay display = host.Display("first")!;
            display.Update("second");
            return Task.CompletedTask;
        });
        DisplayedValueProduced shown = events.OfType<DisplayedValueProduced>().Single();
        DisplayedValueUpdated replaced = events.OfType<DisplayedValueUpdated>().Single();
        Assert.Equal(("first", "second"), (shown.Value, replaced.Value));
        Assert.Equal(shown.ValueId, replaced.ValueId);
    }

    [Fact]
    public async Task TheInterruptionIsThatOfTheRunningCell()
    {
        CancellationToken seen = default;
        CancellationToken own = default;
        await RunAsync(host =>
        {
            (seen, own) = (host.Interruption, KernelInvocationContext.Current.CancellationToken);
            return Task.CompletedTask;
        });
        Assert.True(own.CanBeCanceled);
        Assert.Equal(own, seen);
    }

    [Fact]
    public void WhereNoCellRunsNothingIsShownOrInterrupted()
    {
        // A type of the package is used, so that the package is loaded.
        Assert.Null(KernelInvocationContext.Current);
        var host = new DotNetInteractive();
        Assert.Null(host.Display("nobody sees it"));
        Assert.False(host.Interruption.CanBeCanceled);
    }

    [Fact]
    public void ATypeIsShownAsHtml()
    {
        new DotNetInteractive().ShowAsHtml(typeof(Shown), value => $"<i>{((Shown)value).Text}</i>");
        Assert.Equal(["text/html"], Formatter.GetPreferredMimeTypesFor(typeof(Shown)));
        Assert.Equal("<i>x</i>", new Shown("x").ToDisplayString("text/html"));
        FormattedValue formatted = Assert.Single(FormattedValue.CreateManyFromObject(new Shown("y")));
        Assert.Equal(("text/html", "<i>y</i>"), (formatted.MimeType, formatted.Value));
    }

    /// <summary>What happens in a kernel of the package while a cell does something with the host.</summary>
    private static async Task<List<KernelEvent>> RunAsync(Func<DotNetInteractive, Task> cell)
    {
        using var root = new CompositeKernel();
        root.Add(new CellOf(cell));
        var events = new List<KernelEvent>();
        using IDisposable subscription = root.KernelEvents.Subscribe(events.Add);
        KernelCommandResult result = await root.SendAsync(new SubmitCode("", "test"));
        Assert.DoesNotContain(result.Events, e => e is CommandFailed);
        return events;
    }

    private sealed class CellOf(Func<DotNetInteractive, Task> cell) : Kernel("test"), IKernelCommandHandler<SubmitCode>
    {
        public Task HandleAsync(SubmitCode command, KernelInvocationContext context) => cell(new DotNetInteractive());
    }

    private sealed record Shown(string Text);
}
