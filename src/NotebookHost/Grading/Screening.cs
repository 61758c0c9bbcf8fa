using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NotebookHost.Execution;

namespace NotebookHost.Grading;

/// <summary>
/// Looks at a compiled cell before it runs. What stands in the code is looked up in the compiler's model of it, whatever
/// alias it goes by; what the compiler made of it, in the tables of the assembly, which name all that it can call.
/// </summary>
internal static class Screening
{
    /// <summary>Throws <see cref="RefusedCodeException"/>, which names what the cell uses, where it may not be run.</summary>
    public static void Check(Compilation cell)
    {
        foreach (SyntaxTree tree in cell.SyntaxTrees)
        {
            SemanticModel model = cell.GetSemanticModel(tree);
            foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
                if (
                    node
                        is SimpleNameSyntax
                            or BaseObjectCreationExpressionSyntax
                            or ElementAccessExpressionSyntax
                            or ConstructorInitializerSyntax
                    && model.GetSymbolInfo(node).Symbol is { } symbol
                )
                    Check(symbol);
        }
        using var assembly = new MemoryStream();
        // What does not compile does not run.
        if (!cell.Emit(assembly).Success)
            return;
        assembly.Position = 0;
        using var file = new PEReader(assembly);
        HashSet<string> earlier = [];
        for (
            Compilation? before = cell.ScriptCompilationInfo?.PreviousScriptCompilation;
            before is not null;
            before = before.ScriptCompilationInfo?.PreviousScriptCompilation
        )
            earlier.Add(before.AssemblyName ?? "");
        new Tables(file.GetMetadataReader(), earlier).Check();
    }

    private static void Check(ISymbol symbol)
    {
        if (
            symbol
            is IDynamicTypeSymbol
                or ILocalSymbol { Type: IDynamicTypeSymbol }
                or IParameterSymbol { Type: IDynamicTypeSymbol }
        )
            Refuse("dynamic");
        if (symbol is INamespaceSymbol || symbol.ContainingAssembly is null or ISourceAssemblySymbol)
            return;
        INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        if (type is null || type.IsAnonymousType)
            return;
        while (type.ContainingType is { } outer)
            type = outer;
        var name = new TypeName(
            type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(),
            type.Name
        );
        if (!AllowedCode.Allows(name, isWritten: true))
            Refuse(name.ToString());
        if (symbol is not INamedTypeSymbol && type.Equals(symbol.ContainingType, SymbolEqualityComparer.Default))
            CheckMember(name, symbol.Name, isWritten: true);
    }

    private static void CheckMember(TypeName type, string member, bool isWritten)
    {
        if (!AllowedCode.Allows(type, member, isWritten))
            Refuse($"{type}.{member}");
    }

    private static void Refuse(string what) => throw new RefusedCodeException(what);

    /// <summary>The tables of a compiled cell.</summary>
    /// <param name="assembly">The cell.</param>
    /// <param name="cells">The names of the assemblies of earlier cells, whose types were looked at before.</param>
    private sealed class Tables(MetadataReader assembly, HashSet<string> cells)
    {
        public void Check()
        {
            foreach (TypeReferenceHandle handle in assembly.TypeReferences)
                if (NameOf(handle) is { } type && !AllowedCode.Allows(type, isWritten: false))
                    Refuse(
                        type.Namespace.StartsWith("Microsoft.CSharp", StringComparison.Ordinal)
                        || type.Name is "CallSite" or "CallSiteBinder"
                            ? "dynamic"
                            : type.ToString()
                    );
            foreach (MemberReferenceHandle handle in assembly.MemberReferences)
            {
                MemberReference member = assembly.GetMemberReference(handle);
                if (NameOf(member.Parent) is { } type)
                    CheckMember(type, assembly.GetString(member.Name), isWritten: false);
            }
            foreach (TypeDefinitionHandle handle in assembly.TypeDefinitions)
                Check(assembly.GetTypeDefinition(handle));
            if (assembly.GetTableRowCount(TableIndex.ModuleRef) > 0)
                Refuse("DllImport");
        }

        private void Check(TypeDefinition type)
        {
            string name = assembly.GetString(type.Name);
            bool hasFields = type.GetFields()
                .Any(field => !assembly.GetFieldDefinition(field).Attributes.HasFlag(FieldAttributes.Static));
            if ((type.Attributes & TypeAttributes.LayoutMask) == TypeAttributes.ExplicitLayout && hasFields)
                Refuse("a struct whose fields lie over each other");
            if (!type.BaseType.IsNil && NameOf(type.BaseType) is { } @base && !AllowedCode.AllowsBase(@base))
                Refuse($"a class {name} that derives from {@base}");
            foreach (InterfaceImplementationHandle handle in type.GetInterfaceImplementations())
                if (
                    NameOf(assembly.GetInterfaceImplementation(handle).Interface) is { } @interface
                    && !AllowedCode.AllowsInterface(@interface)
                )
                    Refuse($"a type {name} that implements {@interface}");
        }

        /// <summary>The outermost type that a token names; null where it is one of the cells' own, or an array.</summary>
        private TypeName? NameOf(EntityHandle handle)
        {
            switch (handle.Kind)
            {
                case HandleKind.TypeReference:
                    TypeReference type = assembly.GetTypeReference((TypeReferenceHandle)handle);
                    if (type.ResolutionScope.Kind == HandleKind.TypeReference)
                        return NameOf(type.ResolutionScope);
                    if (
                        type.ResolutionScope.Kind == HandleKind.AssemblyReference
                        && cells.Contains(
                            assembly.GetString(
                                assembly.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name
                            )
                        )
                    )
                        return null;
                    return new TypeName(
                        assembly.GetString(type.Namespace),
                        assembly.GetString(type.Name).Split('`')[0]
                    );
                case HandleKind.TypeSpecification:
                    BlobReader signature = assembly.GetBlobReader(
                        assembly.GetTypeSpecification((TypeSpecificationHandle)handle).Signature
                    );
                    if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
                        return null;
                    signature.ReadSignatureTypeCode();
                    return NameOf(signature.ReadTypeHandle());
                default:
                    return null;
            }
        }
    }
}
