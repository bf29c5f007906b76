namespace Samples;

/// <summary>One scenario, from data to predictions.</summary>
internal interface ISample
{
    /// <summary>What to call it on the command line.</summary>
    string Name { get; }

    /// <summary>What it shows, in one line.</summary>
    string Description { get; }

    /// <summary>What <c>--variant</c> may name; empty if the sample has no variants.</summary>
    IEnumerable<string> Variants => [];

    /// <summary>Runs it. False: it came out other than it should.</summary>
    bool Run(SampleContext context);
}
