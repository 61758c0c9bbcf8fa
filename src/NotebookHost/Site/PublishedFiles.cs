using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml.Linq;

namespace NotebookHost.Site;

/// <summary>The files beside the pages that browsers and search engines ask for.</summary>
internal static class PublishedFiles
{
    /// <summary>The name of the course's picture, on the site and beside the notebooks.</summary>
    public const string SocialPicture = "social.png";

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>By name; the script that keeps the course for readers without a network is to go last.</summary>
    /// <param name="book">The course.</param>
    /// <param name="assets">The names of the files that pages load.</param>
    public static IEnumerable<(string Name, byte[] Bytes)> Of(Book book, IEnumerable<string> assets)
    {
        if (book.SocialPicture is { } picture)
            yield return (SocialPicture, picture);
        yield return ("404.html", Bytes(Layout.Missing(book).ToString()));
        yield return ("manifest.webmanifest", Bytes(Manifest(book)));
        if (book.Publication.BaseUrl is not null)
            yield return ("sitemap.xml", Bytes(Sitemap(book)));
        yield return ("sw.js", Bytes(Worker(book, assets)));
    }

    private static string Manifest(Book book) =>
        JsonSerializer.Serialize(
            new
            {
                name = book.Title,
                short_name = book.Title,
                description = book.Description,
                start_url = "index.html",
                scope = "./",
                display = "minimal-ui",
                background_color = "#fdfcfa",
                theme_color = "#0b5a94",
                icons = new[]
                {
                    new
                    {
                        src = "assets/icon.svg",
                        sizes = "any",
                        type = "image/svg+xml",
                    },
                    new
                    {
                        src = "assets/icon-192.png",
                        sizes = "192x192",
                        type = "image/png",
                    },
                    new
                    {
                        src = "assets/icon-512.png",
                        sizes = "512x512",
                        type = "image/png",
                    },
                },
            },
            Format
        ) + "\n";

    private static string Sitemap(Book book)
    {
        XNamespace map = "http://www.sitemaps.org/schemas/sitemap/0.9";
        var root = new XElement(
            map + "urlset",
            FileNames(book)
                .Select(name => new XElement(map + "url", new XElement(map + "loc", book.Publication.Address(name))))
        );
        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{root}\n";
    }

    /// <summary>A worker that differs where the course does, so that browsers notice.</summary>
    private static string Worker(Book book, IEnumerable<string> assets)
    {
        using var source = new StreamReader(typeof(PublishedFiles).Assembly.GetManifestResourceStream("worker.js")!);
        string[] files = [.. FileNames(book), "404.html", .. assets.Order(StringComparer.Ordinal)];
        string program = typeof(PublishedFiles).Module.ModuleVersionId.ToString();
        string texts = string.Concat(
            book.Notebooks.Concat(book.Extras).Select(page => page.Body).Prepend(Layout.Landing(book))
        );
        string version = Convert.ToHexStringLower(SHA256.HashData(Bytes(program + texts)))[..16];
        return $"\"use strict\";\n// Version {version}.\nconst files = {JsonSerializer.Serialize(files)};\n{source.ReadToEnd()}";
    }

    private static IEnumerable<string> FileNames(Book book) =>
        book.Notebooks.Concat(book.Extras).Select(page => page.FileName).Prepend("index.html");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
