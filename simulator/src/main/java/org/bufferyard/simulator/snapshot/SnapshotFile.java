package org.bufferyard.simulator.snapshot;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;

/** Snapshots in files; docs/serialization.md has the format. */
public final class SnapshotFile {
  /** Larger files are refused unread: some sixty million events. */
  public static final long BYTES_MAX = 256L << 20;

  /** Writes a new file, or over one. */
  public static void write(Snapshot snapshot, Path file) throws IOException {
    SnapshotWriter.write(snapshot, file);
    if (Files.size(file) > BYTES_MAX) {
      throw new IOException("its tape would be larger than " + BYTES_MAX + " bytes");
    }
  }

  /**
   * The snapshot in a file; refused in one line that begins with the file's name.
   *
   * @param version of this program
   */
  public static Outcome<Snapshot> read(Path file, String version) {
    try {
      if (Files.isDirectory(file)) {
        return refused(file, "is a directory");
      }
      if (Files.size(file) > BYTES_MAX) {
        return refused(file, "is larger than " + BYTES_MAX + " bytes");
      }
      Snapshot snapshot = SnapshotReader.read(file);
      return snapshot.version().equals(version)
          ? Outcome.done(snapshot)
          : refused(file, "was made by bufferyard " + snapshot.version() + ", this is " + version);
    } catch (SnapshotReader.Bad bad) {
      return refused(file, String.valueOf(bad.getMessage()));
    } catch (NoSuchFileException missing) {
      return refused(file, "no such file");
    } catch (AccessDeniedException denied) {
      return refused(file, "permission denied");
    } catch (IOException unreadable) {
      return refused(file, "cannot be read: " + unreadable.getMessage());
    }
  }

  private static Outcome<Snapshot> refused(Path file, String what) {
    return Outcome.refused(Errno.EINVAL, file + ": " + what);
  }

  private SnapshotFile() {}
}
