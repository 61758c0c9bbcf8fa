using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NotebookHost.Rendering;

/// <summary>Reads an embedded resource from an assembly's file, without loading the assembly.</summary>
internal static class ManagedResource
{
    /// <summary>The bytes of the first resource whose name ends as given.</summary>
    public static byte[] Read(string assemblyPath, string nameEnd)
    {
        using var file = new PEReader(File.OpenRead(assemblyPath));
        MetadataReader metadata = file.GetMetadataReader();
        ManifestResource resource = metadata
            .ManifestResources.Select(metadata.GetManifestResource)
            .First(r =>
                r.Implementation.IsNil && metadata.GetString(r.Name).EndsWith(nameEnd, StringComparison.Ordinal)
            );
        int start = file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress + (int)resource.Offset;
        BlobReader bytes = file.GetSectionData(start).GetReader();
        return bytes.ReadBytes(bytes.ReadInt32());
    }
}
