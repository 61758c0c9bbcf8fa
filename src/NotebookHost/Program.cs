System.Console.WriteLine("NotebookHost");
