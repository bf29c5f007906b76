Console.WriteLine("Microsoft.ML.Lstm");
