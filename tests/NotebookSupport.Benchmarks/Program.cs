System.Console.WriteLine("NotebookSupport.Benchmarks");
