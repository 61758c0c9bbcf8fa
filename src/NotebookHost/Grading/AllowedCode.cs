namespace NotebookHost.Grading;

/// <summary>
/// What the code of a submission may use: the library, mathematics, collections and texts. Whatever could reach the program
/// that grades it, another process, a file or the network is not among it, nor is what nobody thought of.
/// </summary>
internal static class AllowedCode
{
    private static readonly HashSet<string> WholeNamespaces =
    [
        "NotebookSupport",
        "System.Collections",
        "System.Collections.Concurrent",
        "System.Collections.Frozen",
        "System.Collections.Generic",
        "System.Collections.Immutable",
        "System.Collections.ObjectModel",
        "System.Globalization",
        "System.Linq",
        "System.Text",
        "System.Text.RegularExpressions",
    ];

    /// <summary>Of the namespaces that are allowed in part, the types.</summary>
    private static readonly Dictionary<string, HashSet<string>> Types = new()
    {
        ["System"] = Names(
            """
            Action ArgumentException ArgumentNullException ArgumentOutOfRangeException ArithmeticException Array
            ArraySegment ArrayTypeMismatchException Attribute AttributeTargets AttributeUsageAttribute BitConverter Boolean
            Byte Char CLSCompliantAttribute Comparison Console Convert Converter DateOnly DateTime DateTimeKind DateTimeOffset
            DayOfWeek DBNull Decimal Delegate DisplayExtensions DivideByZeroException Double Enum Environment EventArgs EventHandler Exception
            FlagsAttribute FormatException FormattableString Func Guid Half HashCode IAsyncDisposable ICloneable IComparable
            IConvertible IDisposable IEquatable IFormatProvider IFormattable Index IndexOutOfRangeException Int128 Int16 Int32
            Int64 IntPtr InvalidCastException InvalidOperationException IObservable IObserver IParsable IProgress ISpanFormattable
            ISpanParsable IUtf8SpanFormattable KeyNotFoundException Lazy Math MathF Memory MemoryExtensions MidpointRounding
            MulticastDelegate NotFiniteNumberException NotImplementedException NotSupportedException Nullable
            NullReferenceException Object ObjectDisposedException ObsoleteAttribute OperationCanceledException
            OutOfMemoryException OverflowException ParamArrayAttribute Predicate Random Range RankException ReadOnlyMemory
            ReadOnlySpan RuntimeTypeHandle SByte SerializableAttribute Single Span String StringComparer StringComparison
            StringSplitOptions SystemException TimeOnly TimeoutException TimeSpan Tuple TupleExtensions Type UInt128 UInt16 UInt32
            UInt64 UIntPtr ValueTuple ValueType Version Void
            """
        ),
        ["System.Numerics"] = Names("BigInteger Complex"),
        ["System.IO"] = Names("StringReader StringWriter TextReader TextWriter"),
        ["System.Diagnostics"] = Names("Stopwatch"),
        ["System.Threading"] = Names(
            "CancellationToken CancellationTokenSource CancellationTokenRegistration Interlocked Lock Monitor ThreadLocal Volatile"
        ),
        ["System.Threading.Tasks"] = Names(
            "Parallel ParallelLoopResult ParallelLoopState ParallelOptions Task TaskCanceledException ValueTask"
        ),
        ["NotebookHost.Execution"] = Names("CellHelpers LoopGuard"),
        ["System.Reflection"] = Names("MemberInfo"),
        ["Microsoft.DotNet.Interactive"] = Names("Kernel"),
        ["Microsoft.DotNet.Interactive.Formatting"] = Names("DisplayedValue"),
        ["Microsoft.AspNetCore.Html"] = Names("HtmlString IHtmlContent"),
    };

    /// <summary>Of types that are allowed in part, the members.</summary>
    private static readonly Dictionary<string, HashSet<string>> Members = new()
    {
        ["System.Console"] = Names("Write WriteLine Out get_Out Error get_Error Clear"),
        ["System.Delegate"] = Names("Combine Remove op_Equality op_Inequality"),
        ["System.MulticastDelegate"] = Names("op_Equality op_Inequality"),
        ["System.Environment"] = Names(
            "NewLine get_NewLine ProcessorCount get_ProcessorCount CurrentManagedThreadId get_CurrentManagedThreadId"
        ),
        ["System.Type"] = Names(
            "GetTypeFromHandle op_Equality op_Inequality Name get_Name FullName get_FullName ToString Equals"
        ),
        // What x.GetType().Name calls.
        ["System.Reflection.MemberInfo"] = Names("Name get_Name"),
        ["System.Threading.Tasks.Task"] = Names(
            """
            CompletedTask get_CompletedTask Delay FromResult GetAwaiter IsCompleted get_IsCompleted Result get_Result Wait WhenAll
            Yield
            """
        ),
        ["Microsoft.DotNet.Interactive.Kernel"] = Names("display HTML"),
    };

    /// <summary>What is left out of the above.</summary>
    private static readonly HashSet<string> Refused =
    [
        "System.Exception.TargetSite",
        "System.Exception.get_TargetSite",
        "System.Globalization.CultureInfo.DefaultThreadCurrentCulture",
        "System.Globalization.CultureInfo.set_DefaultThreadCurrentCulture",
        "System.Globalization.CultureInfo.DefaultThreadCurrentUICulture",
        "System.Globalization.CultureInfo.set_DefaultThreadCurrentUICulture",
        "System.Text.RegularExpressions.Regex.CompileToAssembly",
        "MathNet.Numerics.AppSwitches",
        "MathNet.Numerics.Control",
        "NotebookSupport.HtmlFormatter",
    ];

    /// <summary>What the compiler itself calls, for code that names nothing of it.</summary>
    private static readonly Dictionary<string, HashSet<string>> OfCompiler = new()
    {
        ["System.Runtime.CompilerServices"] = Names(
            """
            AsyncIteratorMethodBuilder AsyncTaskMethodBuilder AsyncValueTaskMethodBuilder AsyncVoidMethodBuilder
            ConfiguredTaskAwaitable ConfiguredValueTaskAwaitable DefaultInterpolatedStringHandler FormattableStringFactory
            IAsyncStateMachine ICriticalNotifyCompletion INotifyCompletion InlineArray2 InlineArray3 InlineArray4 InlineArray5
            InlineArray6 InlineArray7 InlineArray8 InlineArray9 InlineArray10 InlineArray11 InlineArray12 InlineArray13
            InlineArray14 InlineArray15 InlineArray16 IsExternalInit ITuple RuntimeHelpers SwitchExpressionException
            TaskAwaiter Unsafe ValueTaskAwaiter YieldAwaitable AsyncStateMachineAttribute AsyncIteratorStateMachineAttribute
            CompilationRelaxationsAttribute CompilerGeneratedAttribute DecimalConstantAttribute DynamicAttribute
            ExtensionAttribute FixedBufferAttribute InlineArrayAttribute InterpolatedStringHandlerAttribute
            IsByRefLikeAttribute IsReadOnlyAttribute IsUnmanagedAttribute IteratorStateMachineAttribute
            NativeIntegerAttribute NullableAttribute NullableContextAttribute ParamCollectionAttribute
            PreserveBaseOverridesAttribute RefSafetyRulesAttribute RequiredMemberAttribute
            RequiresLocationAttribute CompilerFeatureRequiredAttribute RuntimeCompatibilityAttribute ScopedRefAttribute
            TupleElementNamesAttribute
            """
        ),
        ["System.Runtime.InteropServices"] = Names(
            "CollectionsMarshal ImmutableCollectionsMarshal InAttribute MemoryMarshal OutAttribute"
        ),
        ["System.Diagnostics"] = Names(
            """
            DebuggableAttribute DebuggerBrowsableAttribute DebuggerBrowsableState DebuggerDisplayAttribute DebuggerHiddenAttribute
            DebuggerNonUserCodeAttribute DebuggerStepThroughAttribute
            """
        ),
        ["System.Reflection"] = Names("DefaultMemberAttribute"),
        ["System"] = Names("Activator RuntimeFieldHandle"),
        ["System.Security"] = Names("UnverifiableCodeAttribute"),
        ["System.Security.Permissions"] = Names("SecurityAction SecurityPermissionAttribute"),
        ["System.Threading.Tasks.Sources"] = Names(
            "IValueTaskSource ManualResetValueTaskSourceCore ValueTaskSourceStatus ValueTaskSourceOnCompletedFlags"
        ),
    };

    private static readonly Dictionary<string, HashSet<string>> MembersOfCompiler = new()
    {
        ["System.Activator"] = Names("CreateInstance"),
        ["System.Runtime.CompilerServices.RuntimeHelpers"] = Names(
            "CreateSpan EnsureSufficientExecutionStack GetSubArray InitializeArray"
        ),
        ["System.Runtime.CompilerServices.Unsafe"] = Names("Add As AsRef"),
        ["System.Runtime.InteropServices.MemoryMarshal"] = Names("CreateReadOnlySpan CreateSpan"),
        ["System.Runtime.InteropServices.CollectionsMarshal"] = Names("AsSpan SetCount"),
        ["System.Runtime.InteropServices.ImmutableCollectionsMarshal"] = Names("AsImmutableArray"),
        ["System.Threading.Tasks.Task"] = Names("get_IsCanceled get_Exception"),
    };

    /// <summary>What a class of a submission may derive from.</summary>
    private static readonly HashSet<string> Bases =
    [
        "System.Object",
        "System.ValueType",
        "System.Enum",
        "System.MulticastDelegate",
        "System.Attribute",
    ];

    /// <summary>Whether code may name a type.</summary>
    /// <param name="type">Of a type inside another one, the outer one.</param>
    /// <param name="isWritten">Whether the name stands in the code, and is not only in what the compiler made of it.</param>
    public static bool Allows(TypeName type, bool isWritten) =>
        !Refused.Contains(type.ToString())
        && (
            WholeNamespaces.Contains(type.Namespace)
            || IsMathNet(type.Namespace)
            || (Types.TryGetValue(type.Namespace, out HashSet<string>? types) && types.Contains(type.Name))
            || (
                !isWritten
                && OfCompiler.TryGetValue(type.Namespace, out HashSet<string>? made)
                && made.Contains(type.Name)
            )
            || IsNote(type)
        );

    /// <summary>Whether code may use a member of a type that it may name.</summary>
    public static bool Allows(TypeName type, string member, bool isWritten)
    {
        string name = type.ToString();
        if (Refused.Contains($"{name}.{member}"))
            return false;
        bool isLimited = Members.TryGetValue(name, out HashSet<string>? members);
        bool isMade = MembersOfCompiler.TryGetValue(name, out HashSet<string>? made) && !isWritten;
        return !isLimited && !isMade || (isLimited && members!.Contains(member)) || (isMade && made!.Contains(member));
    }

    /// <summary>Whether a class may derive from a type: a value of the library is what it seems to be.</summary>
    public static bool AllowsBase(TypeName type) =>
        Bases.Contains(type.ToString())
        || (type.Namespace == "System" && type.Name.EndsWith("Exception", StringComparison.Ordinal));

    /// <summary>Whether a class may implement an interface: those of the library are its own.</summary>
    public static bool AllowsInterface(TypeName type) =>
        type.Namespace.StartsWith("System", StringComparison.Ordinal) && Allows(type, isWritten: false);

    private static bool IsMathNet(string space) =>
        space == "MathNet.Numerics"
        || (
            space.StartsWith("MathNet.Numerics.", StringComparison.Ordinal)
            && !space.StartsWith("MathNet.Numerics.Providers", StringComparison.Ordinal)
        );

    /// <summary>Attributes by which the compiler and its reader agree on null.</summary>
    private static bool IsNote(TypeName type) =>
        type.Namespace == "System.Diagnostics.CodeAnalysis"
        && type.Name.EndsWith("Attribute", StringComparison.Ordinal);

    private static HashSet<string> Names(string list) =>
        [.. list.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}

/// <summary>A type outside of others, without the number of its type parameters.</summary>
internal readonly record struct TypeName(string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";
}
