using System.Net;
using System.Text.Json;
using NotebookHost.Notebooks;

namespace NotebookHost.Jupyter;

/// <summary>Where a front end expects the kernel: the file that it names when it starts one.</summary>
internal sealed record ConnectionFile(
    string Ip,
    int ShellPort,
    int ControlPort,
    int StdinPort,
    int IopubPort,
    int HbPort,
    string Key,
    string SignatureScheme = ConnectionFile.Scheme,
    string Transport = "tcp"
)
{
    private const string Scheme = "hmac-sha256";

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads the file; throws <see cref="NotebookException"/> in one sentence where this kernel cannot serve it.</summary>
    public static ConnectionFile Read(string path)
    {
        ConnectionFile? file;
        try
        {
            file = JsonSerializer.Deserialize<ConnectionFile>(File.ReadAllText(path), Format);
        }
        catch (JsonException error)
        {
            throw new NotebookException($"{path} is not a connection file: {error.Message}");
        }
        return file switch
        {
            null => throw new NotebookException($"{path} is not a connection file: it holds null."),
            { Transport: not "tcp" } => throw new NotebookException(
                $"{path} has transport {file.Transport}; expected tcp."
            ),
            { SignatureScheme: not Scheme } => throw new NotebookException(
                $"{path} has signature_scheme {file.SignatureScheme}; expected {Scheme}."
            ),
            { Key.Length: 0 } => throw new NotebookException(
                $"{path} has an empty key; expected one, since anybody on this machine could run code without it."
            ),
            _ when !IPAddress.TryParse(file.Ip, out IPAddress? ip) || !IPAddress.IsLoopback(ip) =>
                throw new NotebookException(
                    $"{path} has ip {file.Ip}; expected 127.0.0.1, since a kernel runs any code."
                ),
            _ => file,
        };
    }

    /// <summary>The address of a port.</summary>
    public string Address(int port) => $"tcp://{Ip}:{port}";
}
