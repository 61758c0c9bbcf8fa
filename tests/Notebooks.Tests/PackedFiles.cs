using System.IO.Compression;
using System.Net;

namespace Notebooks.Tests;

/// <summary>Hands out the files of a folder, packed as hosts of pages do.</summary>
internal sealed class PackedFiles : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _folder;

    public PackedFiles(string folder)
    {
        _folder = folder;
        for (int port = 8300; ; port++)
            try
            {
                Address = $"http://127.0.0.1:{port}/";
                _listener.Prefixes.Clear();
                _listener.Prefixes.Add(Address);
                _listener.Start();
                break;
            }
            catch (HttpListenerException) when (port < 8400)
            {
                // Another program has it.
            }
        _ = Task.Run(AnswerAsync);
    }

    public string Address { get; }

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                _ = Task.Run(() => Answer(context));
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
    }

    private void Answer(HttpListenerContext context)
    {
        using HttpListenerResponse response = context.Response;
        string file = Path.Combine(_folder, context.Request.Url!.AbsolutePath.TrimStart('/'));
        if (!File.Exists(file))
        {
            response.StatusCode = 404;
            return;
        }
        string kind = Path.GetExtension(file);
        response.ContentType = kind switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css",
            ".js" => "text/javascript",
            ".svg" => "image/svg+xml",
            ".png" => "image/png",
            _ => "application/octet-stream",
        };
        byte[] bytes = File.ReadAllBytes(file);
        if (kind is ".png" or ".woff2")
        {
            response.OutputStream.Write(bytes);
            return;
        }
        response.Headers["Content-Encoding"] = "gzip";
        using var gzip = new GZipStream(response.OutputStream, CompressionLevel.Optimal);
        gzip.Write(bytes);
    }
}
