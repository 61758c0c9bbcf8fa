namespace NotebookSupport;

/// <summary>A value that a notebook shows as HTML.</summary>
internal interface IHtml
{
    string ToHtml();
}
