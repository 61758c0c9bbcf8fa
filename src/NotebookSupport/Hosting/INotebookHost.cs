namespace NotebookSupport;

/// <summary>What this library asks of the program that runs a notebook's cells.</summary>
internal interface INotebookHost
{
    /// <summary>Cancelled when the reader interrupts the running cell; never where no cell is running.</summary>
    CancellationToken Interruption { get; }

    /// <summary>Shows a value in the output of the running cell; null where no cell is running.</summary>
    IDisplay? Display(object value);

    /// <summary>Shows values of a type as HTML, also in a host whose formatting is loaded later.</summary>
    void ShowAsHtml(Type type, Func<object, string?> html);
}

/// <summary>A place in a cell's output whose content can be replaced.</summary>
internal interface IDisplay
{
    /// <summary>Replaces the content. A host may keep the MIME type of the first one.</summary>
    void Update(object value);
}
