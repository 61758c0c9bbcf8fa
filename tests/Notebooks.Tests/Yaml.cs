using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace Notebooks.Tests;

/// <summary>The YAML files of the project, by their path from the root.</summary>
internal static class Yaml
{
    public static YamlNode Read(string path)
    {
        using StreamReader text = File.OpenText(Path.Combine(Course.Root, path));
        var yaml = new YamlStream();
        yaml.Load(text);
        return yaml.Documents.Single().RootNode;
    }

    /// <summary>The same as JSON, for a schema.</summary>
    public static string AsJson(string path)
    {
        using StreamReader text = File.OpenText(Path.Combine(Course.Root, path));
        object content = new DeserializerBuilder()
            .WithAttemptingUnquotedStringTypeDeserialization()
            .Build()
            .Deserialize(text)!;
        return new SerializerBuilder().JsonCompatible().Build().Serialize(content);
    }
}
