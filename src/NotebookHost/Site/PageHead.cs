using NotebookSupport;

namespace NotebookHost.Site;

/// <summary>What a page says of itself to search engines, to those who link to it and to the browser.</summary>
internal static class PageHead
{
    private const int LongestDescription = 200;

    /// <summary>The description and, where it is known where the site will be, its address and picture.</summary>
    /// <param name="book">The course.</param>
    /// <param name="current">The page; null for the first one.</param>
    /// <param name="title">The title of the page.</param>
    public static Html About(Book book, NotebookPage? current, string title)
    {
        string description = Short(current?.Description is { Length: > 0 } own ? own : book.Description);
        Html about =
            description.Length > 0 ? Html.Of($"<meta name=\"description\" content=\"{description}\">\n") : default;
        if (book.Publication.Address(current?.FileName ?? "index.html") is not { } address)
            return about;
        Html picture = Picture(book, current) is { } file
            ? Html.Of(
                $"""
                <meta property="og:image" content="{book.Publication.Address(file)!.AbsoluteUri}">
                <meta name="twitter:card" content="summary_large_image">

                """
            )
            : default;
        return Html.Of(
            $"""
            {about}<link rel="canonical" href="{address.AbsoluteUri}">
            <meta property="og:type" content="{(current is null ? "website" : "article")}">
            <meta property="og:site_name" content="{book.Title}">
            <meta property="og:title" content="{current?.Name ?? title}">
            <meta property="og:description" content="{description}">
            <meta property="og:url" content="{address.AbsoluteUri}">
            {picture}
            """
        );
    }

    /// <summary>The icons, in the folder of the assets that begins with <paramref name="root"/>.</summary>
    public static Html Icons(string root = "") =>
        Html.Of(
            $"""
            <link rel="icon" href="{root}assets/icon.svg" type="image/svg+xml">
            <link rel="apple-touch-icon" href="{root}assets/icon-192.png">
            """
        );

    private static string? Picture(Book book, NotebookPage? current) =>
        book.SocialPicture is not null ? PublishedFiles.SocialPicture
        : (current?.Cover ?? book.Lessons.Select(page => page.Cover).FirstOrDefault(cover => cover is not null))
            is { } cover
            ? $"pictures/{cover}"
        : null;

    /// <summary>Whole words, as many as are shown under a link.</summary>
    private static string Short(string text)
    {
        if (text.Length <= LongestDescription)
            return text;
        int end = text.LastIndexOf(' ', LongestDescription);
        return $"{text[..(end > 0 ? end : LongestDescription)].TrimEnd('.', ',', ';', ':', ' ')} …";
    }
}
