namespace NotebookHost.Tests;

/// <summary>
/// A cell that would hang, kill or silence a host, after the cells that it needs. What it shows or fails with holds
/// <paramref name="Expected"/>.
/// </summary>
/// <param name="Name">What it tries.</param>
/// <param name="Cells">The cells; the last one is the hostile one.</param>
/// <param name="Expected">A part of what the last cell shows, or of its error.</param>
internal sealed record HostileCell(string Name, string[] Cells, string Expected)
{
    /// <summary>Whether the kernel has to interrupt it; a runner stops it at its time limit.</summary>
    public bool IsEndless { get; init; }

    /// <summary>Whether the process of the cells ends with it.</summary>
    public bool EndsProcess { get; init; }

    /// <summary>What the runner says where that differs.</summary>
    public string? ExpectedInRunner { get; init; }

    /// <summary>What holds in the kernel in a further cell, after the hostile one; <c>true</c> is shown.</summary>
    public string After { get; init; } = "1 + 1 == 2";

    public override string ToString() => Name;
}

internal static class HostileCells
{
    private const string Interrupted = "The cell was interrupted";
    private const string StillRuns = "code of it still runs where it cannot be stopped";
    private const string TooDeep = "deep";

    public static IReadOnlyList<HostileCell> All { get; } =
    [.. Printing(), .. Threads(), .. Endless(), .. DeepCode(), .. Values(), .. Errors(), .. Surroundings()];

    private static HostileCell[] Printing() =>
        [
            new(
                "text with pauses as the first output",
                [
                    "Console.Write(\"x\"); System.Threading.Thread.Sleep(30); Console.Write(\"y\"); System.Threading.Thread.Sleep(30); Console.Write(\"z\");",
                ],
                "xyz"
            ),
            new(
                "progress dots",
                [
                    "Console.WriteLine(\"first\");",
                    "for (int i = 0; i < 500; i++) { Console.Write(\".\"); if (i % 10 == 0) System.Threading.Thread.Sleep(1); }",
                ],
                new string('.', 500)
            ),
            new("a hundred thousand lines", ["for (int i = 0; i < 100_000; i++) Console.WriteLine(i);"], "99999"),
            new(
                "a forged end on the raw output",
                [
                    "using (var raw = Console.OpenStandardOutput()) raw.Write(Encoding.UTF8.GetBytes(\"\\n{\\\"kind\\\":\\\"end\\\"}\\n\"));\nConsole.WriteLine(\"in its cell\");",
                ],
                "in its cell"
            ),
            new(
                "the console thrown away by an earlier cell",
                [
                    "Console.SetOut(System.IO.TextWriter.Null); Console.SetError(System.IO.TextWriter.Null);",
                    "Console.WriteLine(\"heard\");",
                ],
                "heard"
            ),
            new(
                "the console replaced within the cell",
                [
                    "var own = new System.IO.StringWriter(); Console.SetOut(own); Console.Write(\"kept\"); own.ToString()",
                ],
                "kept"
            ),
            new(
                "a surrogate pair in two pieces",
                [
                    "Console.Write('\\ud83d'); System.Threading.Thread.Sleep(60); Console.Write('\\ude00'); Console.WriteLine(\"!\");",
                ],
                "😀!"
            ),
            new("half a surrogate pair", ["Console.WriteLine(\"a\\ud800b\");"], "a\ufffdb"),
            new("zeros and bells", ["Console.WriteLine(\"a\\0\\a\\u001b[31mb\");"], "b"),
            new(
                "eight threads that print",
                [
                    "Parallel.For(0, 8, i => { for (int j = 0; j < 500; j++) Console.WriteLine($\"{i}\"); }); Console.WriteLine(\"all\");",
                ],
                "all"
            ),
            new(
                "the console's lock held for ever by an earlier cell",
                [
                    "var held = new System.Threading.ManualResetEventSlim();\nvar holder = new System.Threading.Thread(() => { lock (Console.Out) { held.Set(); System.Threading.Thread.Sleep(-1); } }) { IsBackground = true };\nholder.Start(); held.Wait();",
                    "Console.WriteLine(\"still heard\");",
                ],
                "still heard"
            ),
            new(
                "both streams in turn",
                ["for (int i = 0; i < 300; i++) { Console.Write(1); Console.Error.Write(2); }"],
                "1"
            ),
            new(
                "output cleared",
                ["Console.WriteLine(\"gone\"); Console.Clear(); Console.WriteLine(\"kept\");"],
                "kept"
            ),
            new("a question that nobody answers", ["Console.ReadLine()"], "asks for input"),
            new("a character that nobody types", ["Console.Read()"], "asks for input"),
            new(
                "the raw output closed",
                ["Console.OpenStandardOutput().Close(); Console.WriteLine(\"open\");"],
                "open"
            ),
            new(
                "a cell that prints from its timer when it is over",
                [
                    "var late = new System.Threading.Timer(_ => Console.Write(\"\"), null, 1, 1);",
                    "Console.WriteLine(\"next\");",
                ],
                "next"
            ),
        ];

    private static HostileCell[] Threads() =>
        [
            new(
                "an exception in async void",
                [
                    "async void Fire() { await Task.Delay(5); throw new InvalidOperationException(\"boom\"); }\nFire(); await Task.Delay(500);",
                ],
                "boom"
            ),
            new(
                "an exception of a thread",
                [
                    "var thread = new System.Threading.Thread(() => throw new InvalidOperationException(\"boom\")); thread.Start(); thread.Join(); await Task.Delay(100);",
                ],
                "boom"
            ),
            new(
                "an exception of a timer",
                [
                    "using (var timer = new System.Threading.Timer(_ => throw new InvalidOperationException(\"boom\"), null, 1, -1)) await Task.Delay(500);",
                ],
                "boom"
            ),
            new(
                "an exception on the thread pool",
                [
                    "System.Threading.ThreadPool.QueueUserWorkItem(_ => throw new InvalidOperationException(\"boom\")); await Task.Delay(300);",
                ],
                "boom"
            ),
            new(
                "an exception of a finalizer",
                [
                    "class Grave { ~Grave() => throw new InvalidOperationException(\"boom\"); }\nvoid Bury() => new Grave();\nBury(); GC.Collect(); GC.WaitForPendingFinalizers(); await Task.Delay(200);",
                ],
                "boom"
            ),
            new(
                "a task that fails unobserved",
                [
                    "void Lose() => Task.Run(() => throw new Exception(\"lost\"));\nLose(); await Task.Delay(100); GC.Collect(); GC.WaitForPendingFinalizers(); \"goes on\"",
                ],
                "goes on"
            ),
            new("the end of the process", ["Environment.Exit(3);"], "exit code 3") { EndsProcess = true },
            new(
                "the end of the process before that of its child",
                ["System.Diagnostics.Process.Start(\"sleep\", \"1000\"); Environment.Exit(5);"],
                "exit code 5"
            )
            {
                EndsProcess = true,
            },
            new(
                "the end of the process on another thread",
                [
                    "new System.Threading.Thread(() => Environment.Exit(4)).Start(); System.Threading.Thread.Sleep(5000);",
                ],
                "exit code 4"
            )
            {
                EndsProcess = true,
            },
            new(
                "a thread left running by an earlier cell",
                [
                    "new System.Threading.Thread(() => { while (true) System.Threading.Thread.Sleep(1); }) { IsBackground = true }.Start();",
                    "\"next\"",
                ],
                "next"
            ),
            new(
                "a thread that interrupts itself",
                ["System.Threading.Thread.CurrentThread.Interrupt(); \"unhurt\""],
                "unhurt"
            ),
        ];

    private static HostileCell[] Endless() =>
        [
            Stops("a loop", "while (true) { }"),
            Stops("a loop with a pragma", "while (true)\n{\n#pragma warning disable\n    var x = 1;\n}"),
            Stops("a loop by goto", "again: ; goto again;"),
            Stops("a loop in a lambda", "Action loop = () => { for (;;) ; }; loop();"),
            Stops(
                "a loop in a local function of an iterator",
                "IEnumerable<int> All() { while (true) yield return 1; } All().Count()"
            ),
            Stops("a loop on a task", "Task.Run(() => { while (true) { } }).Wait();"),
            Stops("a loop over a parallel loop", "Parallel.For(0, int.MaxValue, i => { while (true) { } });"),
            Stops(
                "a loop that swallows",
                "while (true) { try { System.Threading.Thread.Sleep(1); } catch (FormatException) { } }"
            ),
            Stops("a delay", "await Task.Delay(-1);"),
            Stops("a delay without its context", "await Task.Delay(-1).ConfigureAwait(false);"),
            Stops(
                "a callback that blocks",
                "KernelInvocationContext.Current.CancellationToken.Register(() => System.Threading.Thread.Sleep(3000)); while (true) { }"
            ),
            Stops("a delay waited for", "Task.Delay(-1).Wait();"),
            Stops("a yield", "while (true) await Task.Yield();"),
            Stops("a sleep", "System.Threading.Thread.Sleep(-1);"),
            Stops("an event that nobody sets", "new System.Threading.ManualResetEvent(false).WaitOne();"),
            Stops("a semaphore", "await new System.Threading.SemaphoreSlim(0).WaitAsync();"),
            Stops("a source that nobody completes", "await new TaskCompletionSource<int>().Task"),
            Stops(
                "a channel",
                "var c = System.Threading.Channels.Channel.CreateUnbounded<int>(); await c.Reader.ReadAsync()"
            ),
            Stops(
                "an endless sequence",
                "async IAsyncEnumerable<int> Never() { await Task.Delay(-1); yield return 1; }\nawait foreach (int i in Never()) { }"
            ),
            Stops(
                "a deadlock",
                "object a = new(); var t = new System.Threading.Thread(() => { lock (a) System.Threading.Thread.Sleep(-1); }) { IsBackground = true }; t.Start(); System.Threading.Thread.Sleep(50); lock (a) { }"
            ),
            Stops(
                "a thread joined",
                "var t2 = new System.Threading.Thread(() => { while (true) { } }) { IsBackground = true }; t2.Start(); t2.Join();"
            ),
            Stops("a flood of output", "while (true) Console.WriteLine(\"more\");"),
            Stops("a flood without line ends", "while (true) Console.Write(\"more\");"),
            Stops(
                "a finally behind an await",
                "bool isCleaned = false;\ntry { await Task.Delay(-1); } finally { isCleaned = true; Console.WriteLine(\"cleaned\"); }",
                after: "isCleaned"
            ),
            Stops(
                "a using behind an await",
                "var log = new List<string>();\nclass Note(List<string> log) : IDisposable { public void Dispose() => log.Add(\"closed\"); }\nusing (new Note(log)) await Task.Delay(-1);",
                after: "log.Count == 1"
            ),
            new(
                "a loop beside an earlier cell's thread",
                [
                    "int ticks = 0;\nnew System.Threading.Thread(() => { while (true) { ticks++; System.Threading.Thread.Sleep(1); } }) { IsBackground = true }.Start();",
                    "while (true) { }",
                ],
                Interrupted
            )
            {
                IsEndless = true,
                ExpectedInRunner = "took longer than",
                After = "int before = ticks;\nSystem.Threading.SpinWait.SpinUntil(() => ticks > before, 30_000)",
            },
            new(
                "a loop beside an earlier cell's timer",
                [
                    "int beats = 0;\nvar timer = new System.Threading.Timer(_ => { for (int i = 0; i < 3; i++) beats++; }, null, 1, 1);",
                    "while (true) { }",
                ],
                Interrupted
            )
            {
                IsEndless = true,
                ExpectedInRunner = "took longer than",
                After =
                    "int seen = beats;\nbool beat = System.Threading.SpinWait.SpinUntil(() => beats > seen, 30_000);\ntimer.Dispose();\nbeat",
            },
            Stops(
                "a sleeper left behind",
                "var sleeper = Task.Run(() => { while (true) System.Threading.Thread.Sleep(20); });\nwhile (true) { }",
                after: "await Task.WhenAny(sleeper, Task.Delay(30_000)) == sleeper"
            ),
            Stops("a library's own loop", "System.Threading.SpinWait.SpinUntil(() => false);"),
            Stops("a deep recursion", "int Slow(int n) => n < 2 ? n : Slow(n - 1) + Slow(n - 2);\nSlow(46)", StillRuns),
            Stops(
                "a caught interruption",
                "try { while (true) { } } catch (OperationCanceledException) { Console.WriteLine(\"caught\"); }",
                "caught"
            ),
        ];

    private static HostileCell Stops(
        string name,
        string code,
        string expected = Interrupted,
        string after = "1 + 1 == 2"
    ) =>
        new(name, [code], expected)
        {
            IsEndless = true,
            ExpectedInRunner = "took longer than",
            After = after,
        };

    private static HostileCell[] DeepCode() =>
        [
            new("50,000 parentheses", [new string('(', 50_000) + "1" + new string(')', 50_000)], TooDeep),
            new("50,000 open parentheses", [new string('(', 50_000)], TooDeep),
            new("50,000 brackets", ["x" + new string('[', 50_000)], TooDeep),
            new("50,000 braces", [new string('{', 50_000)], TooDeep),
            new("20,000 signs", ["var x = " + new string('!', 20_000) + "true;"], TooDeep),
            new("20,000 minus signs", ["int m = " + string.Concat(Enumerable.Repeat("- ", 20_000)) + "1;"], TooDeep),
            new("20,000 sums", ["int s = " + string.Join('+', Enumerable.Repeat("one", 20_000)) + ";"], ""),
            new("20,000 choices", ["int c = " + string.Concat(Enumerable.Repeat("true?1:", 20_000)) + "1;"], TooDeep),
            new("20,000 nested ifs", [string.Concat(Enumerable.Repeat("if (true) ", 20_000)) + ";"], TooDeep),
            new("20,000 else ifs", [string.Concat(Enumerable.Repeat("if (false) ; else ", 20_000)) + ";"], TooDeep),
            new("20,000 lambdas", ["object l = " + string.Concat(Enumerable.Repeat("() => ", 20_000)) + "1;"], TooDeep),
            new("20,000 type arguments", [string.Concat(Enumerable.Repeat("List<", 20_000)) + "int> x;"], TooDeep),
            new("20,000 members", ["var y = one" + string.Concat(Enumerable.Repeat(".A", 20_000)) + ";"], TooDeep),
            new("20,000 casts", ["var z = " + string.Concat(Enumerable.Repeat("(int)", 20_000)) + "1;"], TooDeep),
            new("2,000 interpolations", [string.Concat(Enumerable.Repeat("$\"{", 2_000))], TooDeep),
            new("10,000 conditions", [string.Concat(Enumerable.Repeat("#if A\n", 10_000))], ""),
            new("a zero in the code", ["int a\0 = 1;"], "error CS"),
            new("a megabyte of comment", ["// " + new string('x', 1_000_000) + "\n\"after\""], "after"),
        ];

    private static HostileCell[] Values() =>
        [
            new(
                "a value whose text throws",
                ["class Mute { public override string ToString() => throw new Exception(\"no text\"); }\nnew Mute()"],
                ""
            ),
            new(
                "a property that throws",
                ["class Sour { public int P => throw new Exception(\"sour\"); }\nnew Sour()"],
                ""
            ),
            new("a value that holds itself", ["class Ring { public Ring Next => this; }\nnew Ring()"], ""),
            new(
                "a sequence without an end",
                ["IEnumerable<int> Count() { int i = 0; while (true) yield return i++; }\nCount()"],
                "0"
            ),
            new(
                "a sequence that throws",
                ["IEnumerable<int> Fails() { yield return 1; throw new Exception(\"midway\"); }\nFails()"],
                ""
            ),
            new("nothing", ["display(null); (object)null"], "null"),
            new("a million numbers", ["Enumerable.Range(0, 1_000_000).ToArray()"], "0"),
            new("JSON that is none", ["display(\"{\", \"application/json\");"], "{"),
            new(
                "JSON that is deep",
                ["display(new string('[', 63) + new string(']', 63), \"application/json\");"],
                "["
            ),
            new("a list that holds itself", ["var own = new List<object>(); own.Add(own); own"], "holds itself"),
            new("a text with half a pair", ["\"a\\ud800b\""], "a\ufffdb"),
            new("a display that is the result", ["display(\"once\")"], "once"),
            new("a task as a value", ["Task.FromResult(5)"], ""),
            new("a delegate as a value", ["(Func<int>)(() => 1)"], ""),
            new("a type that cannot be shown", ["typeof(Dictionary<,>)"], "Dictionary"),
            new("an update of what is gone", ["var gone = display(1); Console.Clear(); gone.Update(2);"], ""),
        ];

    private static HostileCell[] Errors() =>
        [
            new(
                "an exception without a message",
                ["class Silent : Exception { public override string Message => null!; }\nthrow new Silent();"],
                "Silent"
            ),
            new(
                "an exception whose message throws",
                [
                    "class Liar : Exception { public override string Message => throw new Exception(\"again\"); }\nthrow new Liar();",
                ],
                "Liar"
            ),
            new("an exception of a megabyte", ["throw new Exception(new string('x', 1_000_000));"], "xxx"),
            new(
                "a thousand causes",
                [
                    "Exception e = new(\"root\"); for (int i = 0; i < 1000; i++) e = new Exception($\"{i}\", e); throw e;",
                ],
                "999"
            ),
            new(
                "a cause in a task",
                ["void Bad()\n{\n    throw new FormatException(\"inside\");\n}\n\nTask.Run(Bad).Wait();"],
                "inside"
            ),
            new(
                "a cause in a result",
                ["int Bad2()\n{\n    throw new FormatException(\"within\");\n}\nvar r = Task.Run(Bad2).Result;"],
                "within"
            ),
            new(
                "a cause in a parallel loop",
                ["Parallel.For(0, 4, i => throw new FormatException(\"each\"));"],
                "each"
            ),
            new(
                "a cause in a static constructor",
                ["static class Broken { public static int X = int.Parse(\"x\"); }\nBroken.X"],
                "FormatException"
            ),
            new("a declaration with using", ["using var file = new System.IO.MemoryStream();\nfile.Length"], "using ("),
            new("a thrown null", ["throw null;"], "NullReferenceException"),
            new(
                "memory that there is not",
                [
                    "var much = new byte[int.MaxValue].Concat(new byte[int.MaxValue]).Count();\nnew long[int.MaxValue / 4 * 3L * 1000]",
                ],
                "Exception"
            ),
        ];

    private static HostileCell[] Surroundings() =>
        [
            new(
                "another folder",
                [
                    "var here = Environment.CurrentDirectory; Environment.CurrentDirectory = System.IO.Path.GetTempPath();",
                    "Environment.CurrentDirectory = here; \"back\"",
                ],
                "back"
            ),
            new(
                "another culture",
                ["System.Globalization.CultureInfo.CurrentCulture = new(\"de-DE\"); $\"{1.5}\""],
                "1,5"
            ),
            new(
                "a culture left behind",
                ["System.Globalization.CultureInfo.CurrentCulture = new(\"de-DE\");", "$\"{1.5}\""],
                "1.5"
            ),
            new("a currency", ["(12.5).ToString(\"C2\", new System.Globalization.CultureInfo(\"en-US\"))"], "$12.50"),
            new("an unknown command", ["#!nothing\n1"], "#!nothing"),
            new("another language", ["#!fsharp\nlet x = 1"], "F#"),
            new("HTML by a command", ["#!html\n<b>bold</b>"], "<b>bold</b>"),
            new("a command in a text", ["var text = \"\"\"\n#!html\n\"\"\";\ntext"], "#!html"),
            new("the time that it took", ["#!time\n1"], "Wall time"),
            new("the variables", ["int answer = 42;", "#!whos"], "answer"),
            new("the host", ["#!about"], "NotebookHost"),
            new("the commands", ["#!lsmagic"], "#!whos"),
            new("a stored value", ["#!value --name note\nsome text", "#!share --from value note\nnote"], "some text"),
            new(
                "a value in a script",
                ["var shared = new[] { 1, 2 };", "#!javascript\n#!share --from csharp shared\nalert(shared);"],
                "var shared = [1,2];"
            ),
            new("an error behind a command", ["#!time\n\nint.Parse(\"x\")"], "line 3"),
        ];
}
