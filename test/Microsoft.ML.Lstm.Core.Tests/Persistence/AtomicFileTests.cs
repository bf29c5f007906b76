using System.Diagnostics;
using System.Text;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Core.Tests.Persistence;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("atomic").FullName;

    private string Target => Path.Combine(_folder, "file");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_ThatFailsHalfway_LeavesTheOldFileAndNothingElse()
    {
        AtomicFile.Write(Target, stream => stream.Write("old"u8));
        Assert.Throws<IOException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new IOException("No space left on device");
        }));
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Write_ManyWritersAtOnce_LeavesOneOfTheirFilesWhole()
    {
        Parallel.For(0, 64, i => AtomicFile.Write(Target, stream => stream.Write(Encoding.UTF8.GetBytes(new string((char)('a' + (i % 26)), 50_000)))));
        string text = File.ReadAllText(Target);
        Assert.Equal(50_000, text.Length);
        Assert.Single(text.Distinct());
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Write_OnlyRemovesItsOwnTemporaryFile()
    {
        string other = Target + ".tmp";
        File.WriteAllText(other, "another writer's");
        Assert.Throws<IOException>(() => AtomicFile.Write(Target, _ => throw new IOException()));
        Assert.Equal("another writer's", File.ReadAllText(other));
    }

    [UnixFact]
    public void Write_OverALink_ReplacesTheLinkAndNotWhatItPointsTo()
    {
        string precious = Path.Combine(_folder, "precious");
        File.WriteAllText(precious, "precious");
        File.CreateSymbolicLink(Target, precious);
        AtomicFile.Write(Target, stream => stream.Write("new"u8));
        Assert.Equal("precious", File.ReadAllText(precious));
        Assert.Equal("new", File.ReadAllText(Target));
    }

    [Fact]
    public void Write_ToAFolderOrIntoNone_NamesIt()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "folder")).FullName;
        File.WriteAllText(Path.Combine(folder, "inside"), "");
        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(folder, stream => stream.Write("new"u8)));
        Assert.Equal([folder], Directory.GetFileSystemEntries(_folder));
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(Path.Combine(_folder, "none", "file"), _ => { }));
    }

    [MountFact]
    public void Write_OnAFullDisk_LeavesTheOldFileAndNothingElse()
    {
        string disk = Directory.CreateDirectory(Path.Combine(_folder, "disk")).FullName, file = Path.Combine(disk, "file");
        MountFactAttribute.Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk);
        try
        {
            AtomicFile.Write(file, stream => stream.Write(new byte[20_000]));
            Assert.Throws<IOException>(() => AtomicFile.Write(file, stream => stream.Write(new byte[200_000])));
            Assert.Equal(20_000, new FileInfo(file).Length);
            Assert.Equal([file], Directory.GetFiles(disk));
        }
        finally
        {
            MountFactAttribute.Run("umount", disk);
        }
    }

    /// <summary>A test that needs links.</summary>
    private sealed class UnixFactAttribute : FactAttribute
    {
        public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows lets only administrators make links." : null;
    }

    /// <summary>A test that needs a disk of its own to fill.</summary>
    private sealed class MountFactAttribute : FactAttribute
    {
        public MountFactAttribute() => Skip = CanMount() ? null : "Mounting a small disk needs Linux and its administrator's rights.";

        public static bool Run(string command, params string[] arguments)
        {
            using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }

        private static bool CanMount()
        {
            if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
                return false;
            string folder = Directory.CreateTempSubdirectory("mount").FullName;
            try
            {
                return Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder) && Run("umount", folder);
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
            finally
            {
                Directory.Delete(folder);
            }
        }
    }
}
