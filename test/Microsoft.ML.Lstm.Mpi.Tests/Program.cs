namespace Microsoft.ML.Lstm.Mpi.Tests;

/// <summary>What a launcher starts: one of the processes of a test.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        switch (args)
        {
            // The variable must be there before the process starts, or be set by itself; it is read but once.
            case ["with-library", var library, .. string[] rest]:
                Environment.SetEnvironmentVariable("LSTM_MPI_LIBRARY", library);
                return Main(rest);
            case ["messages"]:
                return MessagesWorker.Run();
            case ["train", .. string[] options]:
                return TrainingWorker.Run(options);
            default:
                Console.Error.WriteLine("This is a test assembly; expected 'dotnet test', or the arguments 'messages' or 'train OPTION...'.");
                return 2;
        }
    }
}
