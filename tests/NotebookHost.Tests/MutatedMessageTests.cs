namespace NotebookHost.Tests;

public class MutatedMessageTests
{
    [Fact]
    public void TheKernelAnswersAfterEachThousandMutatedMessages()
    {
        using var kernel = new KernelClient();
        var messages = new MutatedMessages(seed: 1);
        for (int thousand = 1; thousand <= 5; thousand++)
        {
            messages.Send(kernel, 1_000);
            Assert.True(kernel.Answers(KernelClient.Patience), $"It was silent after {thousand} thousand messages.");
        }
        Assert.False(kernel.Process.HasExited);
    }
}
