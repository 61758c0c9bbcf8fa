using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

public sealed class NotebookTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("no json", " is not JSON: line 1 is malformed.")]
    [InlineData("[]", " has no cells; expected a Jupyter notebook.")]
    [InlineData("""{ "nbformat": 4 }""", " has no cells; expected a Jupyter notebook.")]
    [InlineData("""{ "cells": [], "nbformat": 4 }""", " has no cells; expected a Jupyter notebook.")]
    [InlineData("""{ "cells": [1], "nbformat": 4 }""", ", cell 1 of 1, has no cell_type; expected a Jupyter notebook.")]
    [InlineData("""{ "cells": [{ "cell_type": "code" }], "nbformat": 3 }""", " has nbformat 3; expected 4.")]
    [InlineData(
        """{ "cells": [{ "cell_type": "code" }], "nbformat": 4, "metadata": { "kernelspec": { "language": "python" } } }""",
        " is written in python; expected C#."
    )]
    public void WhatIsNoNotebookOfCSharpIsRefusedInOneSentence(string text, string expected)
    {
        string path = _folder.WriteText("bad.ipynb", text);
        Assert.Equal(path + expected, Assert.Throws<NotebookException>(() => Notebook.Read(path)).Message);
    }

    [Fact]
    public void WhatJupyterWritesIsWrittenBackToTheByte()
    {
        const string text = """
            {
             "cells": [
              {
               "attachments": {
                "x.png": {}
               },
               "cell_type": "markdown",
               "id": "a1",
               "metadata": {
                "tags": [
                 "é 😀 <&>'+"
                ]
               },
               "source": [
                "\\u00E9 \"x\" \t \u001b[0m 😀 \\\n",
                "1.50"
               ]
              }
             ],
             "metadata": {
              "unknown": {
               "number": 1.50
              }
             },
             "nbformat": 4,
             "nbformat_minor": 5
            }

            """;
        Assert.Equal(text, Notebook.Read(_folder.WriteText("one.ipynb", text)).ToString());
    }
}
