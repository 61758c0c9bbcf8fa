using System.Text;

namespace Notebooks.Tests.Readings;

/// <summary>Every sentence of a lesson that states a quantity is held by the values shown, or says what else holds it.</summary>
public sealed class ReadingTests
{
    private static readonly LessonReadings[] Lessons = [.. Found()];

    public static TheoryData<string, string> Held
    {
        get
        {
            var held = new TheoryData<string, string>();
            foreach (LessonReadings lesson in Lessons)
            foreach (Reading reading in lesson.All.Where(reading => reading.Assertion is not null))
                held.Add(lesson.Notebook, reading.Words);
            return held;
        }
    }

    public static TheoryData<string> Read => [.. Lessons.Select(lesson => lesson.Notebook)];

    [Theory]
    [MemberData(nameof(Held))]
    public void ASentenceSaysWhatIsShown(string notebook, string words) =>
        Lesson(notebook).All.Single(reading => reading.Words == words).Assertion!();

    [Theory]
    [MemberData(nameof(Read))]
    public void EachReadingQuotesOneSentenceOfItsLesson(string notebook)
    {
        string text = Sentences.Plain(Course.Text(notebook));
        string[] strange =
        [
            .. Lesson(notebook)
                .All.Select(reading => Sentences.Plain(reading.Words))
                .Where(words => text.Split(words).Length != 2),
        ];
        Assert.Empty(strange);
    }

    [Theory]
    [MemberData(nameof(Read))]
    public void NoSentenceWithAQuantityIsLeftOut(string notebook)
    {
        string[] quoted = [.. Lesson(notebook).All.Select(reading => Sentences.Plain(reading.Words))];
        string[] left =
        [
            .. Sentences
                .WithQuantities(notebook)
                .Where(sentence => !quoted.Any(words => Sentences.Overlap(sentence, words))),
        ];
        Assert.True(left.Length == 0, string.Join('\n', left.Prepend($"{left.Length} sentences of {notebook}:")));
    }

    /// <summary>Readings.md beside this file says which sentence stands on what; with READINGS_WRITE=1 it is written anew.</summary>
    [Fact]
    public void TheListOfReadingsIsUpToDate()
    {
        var list = new StringBuilder("# Which sentence stands on what\n");
        foreach (LessonReadings lesson in Lessons)
        {
            list.Append(
                $"\n## {Path.GetFileNameWithoutExtension(lesson.Notebook)}\n\n| sentence | held by |\n|---|---|\n"
            );
            foreach (Reading reading in lesson.All)
                list.Append($"| {Sentences.Plain(reading.Words).Replace("|", "\\|")} | {Name(reading.Ground)} |\n");
        }
        string file = Path.Combine(Course.Root, "tests", "Notebooks.Tests", "Readings", "Readings.md");
        if (Environment.GetEnvironmentVariable("READINGS_WRITE") == "1")
            File.WriteAllText(file, list.ToString());
        Assert.Equal(list.ToString(), File.ReadAllText(file));
    }

    private static string Name(Ground ground) =>
        ground switch
        {
            Ground.Shown => "an assertion on the values shown",
            Ground.Setting => "the code of the lesson",
            Ground.Library => "an assertion on the library",
            _ => "derived, defined or cited",
        };

    private static LessonReadings Lesson(string notebook) => Lessons.Single(lesson => lesson.Notebook == notebook);

    private static IEnumerable<LessonReadings> Found() =>
        typeof(LessonReadings)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(LessonReadings)))
            .Select(type => (LessonReadings)Activator.CreateInstance(type)!)
            .OrderBy(lesson => lesson.Notebook, StringComparer.Ordinal);
}
