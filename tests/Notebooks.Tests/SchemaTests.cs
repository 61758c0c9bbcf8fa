namespace Notebooks.Tests;

/// <summary>
/// Files that other programs read, against the schemas of these programs, which NOTEBOOKS_SCHEMAS names a folder of;
/// tests/README.md says where they come from.
/// </summary>
public sealed class SchemaTests
{
    private const string Variable = "NOTEBOOKS_SCHEMAS";

    private const string Program = """
        import json, sys, jsonschema
        schema = json.load(open(sys.argv[1], encoding="utf-8"))
        kind = jsonschema.validators.validator_for(schema)
        kind.check_schema(schema)
        faults = [f"{list(error.absolute_path)}: {error.message}" for error in kind(schema).iter_errors(json.loads(sys.argv[2]))]
        print("\n".join(faults))
        """;

    [SkippableTheory]
    [InlineData("CITATION.cff", "citation-file-format.json")]
    [InlineData(".devcontainer/devcontainer.json", "devContainer.base.schema.json")]
    public void ASchemaTakesTheFile(string file, string schema)
    {
        string folder = Environment.GetEnvironmentVariable(Variable) ?? "";
        string path = Path.Combine(folder, schema);
        Skip.IfNot(folder.Length > 0, $"{file} is held against its schema with {Variable}=folder.");
        Skip.IfNot(File.Exists(path), $"{folder} holds no {schema}.");
        Shell.NeedsCommand("python3");
        string json = file.EndsWith(".json", StringComparison.Ordinal)
            ? File.ReadAllText(Path.Combine(Course.Root, file))
            : Yaml.AsJson(file);
        (int code, string output) = Shell.Run("python3", ["-c", Program, path, json]);
        Assert.Equal((0, ""), (code, output.Trim()));
    }

    /// <summary>What is cited is what is packed.</summary>
    [Fact]
    public void TheCitationNamesTheVersionAndTheLicence()
    {
        var citation = Yaml.Read("CITATION.cff");
        string project = File.ReadAllText(Path.Combine(Course.Root, "Directory.Build.props"));
        Assert.Contains($"<Version>{citation["version"]}</Version>", project);
        Assert.Contains($"<PackageLicenseExpression>{citation["license"]}</PackageLicenseExpression>", project);
    }
}
