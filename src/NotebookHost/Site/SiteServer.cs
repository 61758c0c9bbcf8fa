using System.Globalization;
using System.Net;
using System.Text;
using NotebookSupport;

namespace NotebookHost.Site;

/// <summary>
/// Serves a site on 127.0.0.1 from memory, so that no request reaches the file system and a new site takes the place of
/// the old one at once.
/// </summary>
internal sealed class SiteServer : IDisposable
{
    private const int FirstPort = 8000;
    private const int LastPort = 8099;
    private const string ScriptPath = "/_reload.js";
    private const string VersionPath = "/_version";

    private const string ReloadScript = """
        const { version } = document.currentScript.dataset;
        setInterval(async () => {
          try {
            if ((await (await fetch("/_version")).text()) !== version) location.reload();
          } catch {
            // The server has stopped; it may start again.
          }
        }, 500);
        """;

    private readonly HttpListener _listener = new();
    private readonly HashSet<string> _hosts;
    private readonly bool _reloads;
    private volatile Snapshot _site;

    private SiteServer(Snapshot site, int port, bool reloads)
    {
        (_site, _reloads) = (site, reloads);
        _hosts = [$"127.0.0.1:{port}", $"localhost:{port}"];
        Address = $"http://127.0.0.1:{port}/";
        foreach (string host in _hosts)
            _listener.Prefixes.Add($"http://{host}/");
        _listener.Start();
    }

    /// <summary>The first page.</summary>
    public string Address { get; }

    /// <summary>
    /// Begins to listen; throws <see cref="HttpListenerException"/> where the port, or every port that is tried, is taken.
    /// </summary>
    /// <param name="folder">The site.</param>
    /// <param name="port">Where to listen; null for the first free port from 8000.</param>
    /// <param name="reloads">Whether an open page reloads itself when <see cref="Replace"/> was called.</param>
    public static SiteServer Start(string folder, int? port, bool reloads)
    {
        Snapshot site = Snapshot.Read(folder, version: 1);
        for (int next = port ?? FirstPort; ; next++)
        {
            try
            {
                return new SiteServer(site, next, reloads);
            }
            catch (HttpListenerException) when (port is null && next < LastPort)
            {
                // The port is taken.
            }
        }
    }

    /// <summary>From now on serves the current content of the folder.</summary>
    public void Replace(string folder) => _site = Snapshot.Read(folder, _site.Version + 1);

    /// <summary>Answers requests until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using CancellationTokenRegistration stop = cancellation.Register(_listener.Stop);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(context), CancellationToken.None);
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // The listener was stopped, or the client disconnected.
            }
        }
    }

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync(HttpListenerContext context)
    {
        HttpListenerResponse response = context.Response;
        try
        {
            (int status, string type, byte[] body) = Answer(context.Request);
            response.StatusCode = status;
            response.ContentType = type;
            response.ContentLength64 = body.Length;
            response.Headers["Cache-Control"] = "no-store";
            response.Headers["X-Content-Type-Options"] = "nosniff";
            if (status == 405)
                response.Headers["Allow"] = "GET, HEAD";
            if (context.Request.HttpMethod != "HEAD")
                await response.OutputStream.WriteAsync(body);
            // Disposed of instead, it would cut the connection that the client was not told to leave.
            response.Close();
        }
        catch (Exception error) when (error is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The client disconnected.
            response.Abort();
        }
    }

    private (int Status, string Type, byte[] Body) Answer(HttpListenerRequest request)
    {
        Snapshot site = _site;
        // Rejects foreign Host headers (DNS rebinding).
        if (!_hosts.Contains(request.UserHostName))
            return Text(400, "text/plain", "Ask for 127.0.0.1 or localhost.\n");
        if (request.HttpMethod is not ("GET" or "HEAD"))
            return Text(405, "text/plain", "Expected GET or HEAD.\n");
        string path = request.Url?.AbsolutePath ?? "";
        if (_reloads && path == ScriptPath)
            return Text(200, "text/javascript", ReloadScript);
        if (_reloads && path == VersionPath)
            return Text(200, "text/plain", Number(site.Version));
        if (!site.Files.TryGetValue(path == "/" ? "/index.html" : path, out byte[]? body))
            return (404, Type("/"), site.Files["/404.html"]);
        string type = Type(path);
        return (
            200,
            type,
            _reloads && type.StartsWith("text/html", StringComparison.Ordinal) ? Reloading(body, site) : body
        );
    }

    /// <summary>The page with a script that reloads it; the script may contact this server only.</summary>
    private static byte[] Reloading(byte[] page, Snapshot site) =>
        Encoding.UTF8.GetBytes(
            Encoding
                .UTF8.GetString(page)
                .Replace(Encoded(" connect-src 'self';"), "")
                .Replace(Encoded("default-src 'none';"), Encoded("default-src 'none'; connect-src 'self';"))
                .Replace(
                    "</body>",
                    $"<script src=\"{ScriptPath}\" data-version=\"{Number(site.Version)}\"></script>\n</body>",
                    StringComparison.Ordinal
                )
        );

    private static string Encoded(string policy) => Html.Of($"{policy}").ToString();

    private static (int, string, byte[]) Text(int status, string type, string text) =>
        (status, $"{type}; charset=utf-8", Encoding.UTF8.GetBytes(text));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Type(string path) =>
        Path.GetExtension(path) switch
        {
            "" when path == "/" => "text/html; charset=utf-8",
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".png" => "image/png",
            ".svg" => "image/svg+xml",
            ".webmanifest" => "application/manifest+json",
            ".ipynb" => "application/x-ipynb+json",
            ".xml" => "application/xml",
            ".json" => "application/json",
            ".bin" => "application/octet-stream",
            ".woff2" => "font/woff2",
            _ => "text/plain; charset=utf-8",
        };

    /// <summary>The files of a site by the path of their URL.</summary>
    private sealed record Snapshot(IReadOnlyDictionary<string, byte[]> Files, int Version)
    {
        public static Snapshot Read(string folder, int version) =>
            new(
                Directory
                    .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                    .ToDictionary(
                        file => "/" + Path.GetRelativePath(folder, file).Replace('\\', '/'),
                        File.ReadAllBytes,
                        StringComparer.Ordinal
                    ),
                version
            );
    }
}
