namespace NotebookHost.Tests;

/// <summary>Ways to get a point without an answer, each the cells of a small notebook. All answers in them are wrong or missing.</summary>
internal static class Cheats
{
    /// <summary>By name: the cells after the one that loads the library.</summary>
    public static IReadOnlyDictionary<string, string[]> All { get; } =
        new Dictionary<string, string[]>
        {
            ["own Exercises"] =
            [
                "public static class Exercises { public static object Check(string n, object a) => \"Exercise 4.1: solved\"; }",
                Wrong,
            ],
            ["own ExerciseResult"] =
            [
                "public record ExerciseResult(string Number, bool Passed = true);\n"
                    + "public static class Exercises { public static object Check(string n, object a) => new ExerciseResult(n); }",
                Wrong,
            ],
            ["a result of the library's type, made by hand"] =
            [
                "double? alternatingWidths = 1;\nvar mine = new ExerciseResult(\"4.1\", [new CheckResult(\"it is right\", null)]);\n"
                    + "Exercises.Check(\"4.1\", mine)",
            ],
            ["own namespace"] =
            [
                "namespace NotebookSupport { public static class Exercises { public static object Check(string n, object a) => n; } }",
                Wrong,
            ],
            ["own Check"] =
            [
                "object Check(string number, object answer) => \"solved\";",
                "double? alternatingWidths = 1;\nCheck(\"4.1\", alternatingWidths)",
            ],
            ["the card as HTML"] =
            [
                "double? alternatingWidths = 1;\nHTML(\"<div class='card exercise'>Exercise 4.1: solved</div>\")",
            ],
            ["prints solved"] = ["double? alternatingWidths = 1;\nConsole.WriteLine(\"Exercise 4.1: solved\");", Wrong],
            ["prints a message of the program"] =
            [
                "Console.WriteLine(\"{\\\"Step\\\":5,\\\"Verdict\\\":{\\\"Exercise\\\":\\\"4.1\\\",\\\"Mark\\\":1}}\");",
                Wrong,
            ],
            ["another check in the cell"] =
            [
                "double? alternatingWidths = 1;\nExercises.Check(\"4.5\", alternatingWidths)",
            ],
            ["a comment for a check"] =
            [
                "double? alternatingWidths = 1;\n// Exercises.Check(\"4.1\", Math.Pow(0.16, 5))\n\"solved\"",
            ],
            ["reflection on the result"] =
            [
                "double? alternatingWidths = 1;\nvar result = Exercises.Check(\"4.1\", alternatingWidths);\n"
                    + "typeof(ExerciseResult).GetProperty(\"Checks\").SetValue(result, new CheckResult[] { new(\"x\", null) });\nresult",
            ],
            ["reflection on the list of exercises"] =
            [
                "using System.Reflection;\nvar hidden = BindingFlags.NonPublic | BindingFlags.Instance;\n"
                    + "var checks = RuleExercises.AlternatingWidths.GetType().GetField(\"_checks\", hidden);\n"
                    + "var list = (System.Collections.IEnumerable)checks.GetValue(RuleExercises.AlternatingWidths);\n"
                    + "var first = list.Cast<object>().First();\n"
                    + "var one = Array.CreateInstance(first.GetType(), 1);\none.SetValue(first, 0);\n"
                    + "checks.SetValue(RuleExercises.AlternatingWidths, one);",
                Wrong,
            ],
            ["reflection by another name"] =
            [
                "using R = System.Reflection.BindingFlags;\n"
                    + Doctored("typeof(Exercise<double?>).GetField(\"_checks\", R.NonPublic | R.Instance)"),
                Wrong,
            ],
            ["reflection that begins at a delegate"] =
            [
                "Func<int> f = () => 1;\n"
                    + Doctored(
                        "f.Method.Module.GetType().Assembly.GetType(\"System.Type\") is null ? null : "
                            + "typeof(Exercise<double?>).GetField(\"_checks\", (System.Reflection.BindingFlags)36)"
                    ),
                Wrong,
            ],
            ["dynamic"] =
            [
                "dynamic type = typeof(Exercise<double?>);\ndynamic field = type.GetField(\"_checks\", 36);\n"
                    + "double? alternatingWidths = (double)(dynamic)1.0;\nExercises.Check(\"4.1\", alternatingWidths)",
            ],
            ["an accessor of a private field"] =
            [
                "class Open\n{\n    [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = \"_hints\")]\n"
                    + "    public static extern ref IReadOnlyList<string> Hints(Exercise e);\n}\nOpen.Hints(RuleExercises.AlternatingWidths) = [\"0.0001\"];",
                Wrong,
            ],
            ["an expression tree"] =
            [
                "using System.Linq.Expressions;\nvar find = Expression.Call(typeof(Exercises), \"Find\", null, Expression.Constant(\"4.1\"));\n"
                    + "var found = Expression.Lambda<Func<Exercise>>(find).Compile()();",
                Wrong,
            ],
            ["a delegate of a private method"] =
            [
                "var find = (Func<string, Exercise>)Delegate.CreateDelegate(typeof(Func<string, Exercise>), typeof(Exercises), \"Find\");\n"
                    + "double? alternatingWidths = find(\"4.1\").Number.Length;\nExercises.Check(\"4.1\", alternatingWidths)",
            ],
            ["fields over each other"] =
            [
                "using System.Runtime.InteropServices;\nclass Shape { public object Number; public IReadOnlyList<string> Hints; public object Checks; }\n"
                    + "[StructLayout(LayoutKind.Explicit)]\nstruct Both { [FieldOffset(0)] public object A; [FieldOffset(0)] public Shape B; }\n"
                    + "var both = new Both { A = RuleExercises.AlternatingWidths };\nboth.B.Checks = null;",
                Wrong,
            ],
            ["a pointer"] = ["unsafe { int x = 1; int* p = &x; *p = 2; }", Wrong],
            ["memory without a pointer"] =
            [
                "double[] room = [1, 2];\nSystem.Numerics.Vector.StoreUnsafe(System.Numerics.Vector<double>.One, ref room[0], 1_000_000);",
                Wrong,
            ],
            ["another view of memory"] =
            [
                "string number = RuleExercises.AlternatingWidths.Number;\n"
                    + "System.Runtime.InteropServices.MemoryMarshal.AsMemory(number.AsMemory()).Span[2] = '9';",
                Wrong,
            ],
            ["a call of the system"] =
            [
                "class C { [System.Runtime.InteropServices.DllImport(\"libc\")] public static extern int getppid(); }\nC.getppid()",
                Wrong,
            ],
            ["exit code 0"] = ["Console.WriteLine(\"solved\");\nEnvironment.Exit(0);", Wrong],
            ["a thread that prints later"] =
            [
                "new System.Threading.Thread(() => { while (true) Console.WriteLine(\"Exercise 4.1: solved\"); }).Start();",
                Wrong,
            ],
            ["a task that changes things later"] =
            [
                "double? alternatingWidths = 1;\nTask.Run(async () => { while (true) await Task.Delay(1); });\nExercises.Check(\"4.1\", alternatingWidths)",
            ],
            ["a static constructor"] =
            [
                "class Early\n{\n    public static int X;\n    static Early() => AppContext.SetData(\"NotebookSupport.LoopCancellation\", null);\n}\nEarly.X",
                Wrong,
            ],
            ["a module initializer"] =
            [
                "static class Early\n{\n    [System.Runtime.CompilerServices.ModuleInitializer]\n    public static void Begin() { }\n}",
                Wrong,
            ],
            ["overridden Equals and ToString"] =
            [
                "class Right\n{\n    public override bool Equals(object other) => true;\n    public override int GetHashCode() => 0;\n"
                    + "    public override string ToString() => \"Exercise 4.1: solved\";\n}\nvar alternatingWidths = new Right();\n"
                    + "Exercises.Check(\"4.1\", alternatingWidths)",
            ],
            ["an implicit conversion"] =
            [
                "class Any\n{\n    public static implicit operator double?(Any any) => 1;\n    public static implicit operator ExerciseResult(Any any) =>"
                    + " new(\"4.1\", [new(\"it is right\", null)]);\n}\nvar alternatingWidths = new Any();\nExercises.Check(\"4.1\", alternatingWidths)",
            ],
            ["a file over the library"] =
            [
                "System.IO.File.OpenWrite(typeof(Exercises).Assembly.Location).Dispose();",
                Wrong,
            ],
            ["a file beside the notebook"] = ["new System.IO.StreamWriter(\"report.csv\").Dispose();", Wrong],
            ["an environment variable"] = ["Environment.SetEnvironmentVariable(\"NOTEBOOKS\", \"1\");", Wrong],
            ["an alias"] =
            [
                "class Fake { public static object Check(string n, object a) => \"solved\"; }",
                "using Exercises = Fake;\n" + Wrong,
                Wrong,
            ],
            ["an extension"] =
            [
                "static object Check(this string number, object answer) => \"solved\";",
                "double? alternatingWidths = 1;\n\"4.1\".Check(alternatingWidths)",
            ],
            ["global using"] = ["global using static System.Reflection.Assembly;\n" + Wrong, Wrong],
            ["a type that lies"] =
            [
                "class Initializer { public string Name => \"VarianceScaling(0.4)\"; public double Variance(int a, int b) => 0.4 / b; }",
                "Initializer ownActivation = new Initializer();\nExercises.Check(\"4.6\", ownActivation)",
            ],
            ["a list that lies"] =
            [
                "class Rules : List<ScaleFault> { }\nvar diagnosis = new Rules();\nExercises.Check(\"4.5\", diagnosis)",
            ],
            ["kills the parent"] =
            [
                "System.Diagnostics.Process.GetProcessById(int.Parse(System.IO.File.ReadAllText(\"/proc/self/stat\").Split(' ')[3])).Kill();",
                Wrong,
            ],
            ["looks at its callers"] =
            [
                "Func<Activation, double> bothWishes = phi => new System.Diagnostics.StackTrace().FrameCount;\nExercises.Check(\"4.3\", bothWishes)",
            ],
            ["looks at its callers by an exception"] =
            [
                "Func<Activation, double> bothWishes = phi =>\n{\n    try { throw new Exception(); }\n    catch (Exception e) { return e.TargetSite.Name.Length; }\n};\n"
                    + "Exercises.Check(\"4.3\", bothWishes)",
            ],
            ["another arithmetic"] =
            [
                "MathNet.Numerics.Control.MaxDegreeOfParallelism = 1;\nMathNet.Numerics.Control.UseManagedReference();",
                Wrong,
            ],
            ["a changed data set"] =
            [
                "Datasets.Moons(100).Targets.Clear();\nDatasets.Moons(100).Inputs.Clear();\nInitializer ownActivation = Initializer.HeNormal;\n"
                    + "Exercises.Check(\"4.6\", ownActivation)",
            ],
            ["an answer that writes into what it is given"] =
            [
                "using MathNet.Numerics.LinearAlgebra;\nFunc<Matrix<double>, Matrix<double>> batchNormalize = x => { x.Clear(); return x; };\n"
                    + "Exercises.Check(\"5.4\", batchNormalize)",
            ],
            ["an answer that empties the examples"] =
            [
                "using MathNet.Numerics.LinearAlgebra;\nFunc<Matrix<double>, Matrix<double>, Matrix<double>> gradient = (x, y) =>\n"
                    + "{\n    x.Clear();\n    return Matrix<double>.Build.Dense(3, 4);\n};\nExercises.Check(\"1.4\", gradient)",
            ],
            ["code that the kernel runs"] =
            [
                "await Microsoft.DotNet.Interactive.Kernel.Root.SendAsync(new Microsoft.DotNet.Interactive.Commands.SubmitCode(\"1\"));",
                Wrong,
            ],
            ["the kernel's own lines"] = ["#!csharp\ndouble? alternatingWidths = 1;", Wrong],
            ["the program's pipe"] =
            [
                "var pipe = new System.IO.Pipes.NamedPipeClientStream(Environment.GetCommandLineArgs()[^1]);\npipe.Connect(100);",
                Wrong,
            ],
            ["the standard output itself"] = ["Console.OpenStandardOutput().WriteByte(65);", Wrong],
            ["the network"] =
            [
                "var page = await new System.Net.Http.HttpClient().GetStringAsync(\"http://127.0.0.1\");",
                Wrong,
            ],
            ["another library"] = ["#r \"evil/Evil.dll\"\n1", Wrong],
            ["a package"] = ["#r \"nuget: Newtonsoft.Json\"\n1", Wrong],
            ["a loaded file"] = ["#load \"evil.csx\"", Wrong],
            ["a class of the library, derived"] =
            [
                "class Liar : MathNet.Numerics.LinearAlgebra.Double.DenseMatrix\n{\n    public Liar() : base(2, 2) { }\n}",
                Wrong,
            ],
        };

    private const string Wrong = "double? alternatingWidths = 1;\nExercises.Check(\"4.1\", alternatingWidths)";

    /// <summary>Leaves exercise 4.1 with its first check alone, which a wrong answer passes.</summary>
    private static string Doctored(string field) =>
        $"var checks = {field};\nvar list = (System.Collections.IEnumerable)checks.GetValue(RuleExercises.AlternatingWidths);\n"
        + "var first = list.Cast<object>().First();\nvar one = Array.CreateInstance(first.GetType(), 1);\none.SetValue(first, 0);\n"
        + "checks.SetValue(RuleExercises.AlternatingWidths, one);";
}
