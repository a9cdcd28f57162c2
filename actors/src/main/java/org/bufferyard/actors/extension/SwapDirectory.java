package org.bufferyard.actors.extension;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The directory of a yard's file tier, locked: no other yard, in this process or another, uses it
 * meanwhile. The tier's file has no name, so that nothing is left behind, however the process ends.
 */
final class SwapDirectory implements AutoCloseable {
  private static final String LOCK = "bufferyard.lock";

  private final Path path;
  private final FileChannel channel;
  private final boolean temporary;

  private SwapDirectory(Path path, FileChannel channel, boolean temporary) {
    this.path = path;
    this.channel = channel;
    this.temporary = temporary;
  }

  /**
   * Makes it if need be, and locks it.
   *
   * @param directory empty for a new one, which goes at the end
   * @throws IOException it is no directory, cannot be written, or is in use; says which
   */
  static SwapDirectory open(String directory) throws IOException {
    boolean temporary = directory.isEmpty();
    Path path =
        temporary
            ? Files.createTempDirectory("bufferyard")
            : Files.createDirectories(Path.of(directory)).toRealPath();
    FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locked(channel)) {
      channel.close();
      throw new IOException("swap directory " + path + " is used by another yard");
    }
    return new SwapDirectory(path, channel, temporary);
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException byThisProcess) {
      return false;
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (temporary) {
      Files.deleteIfExists(path.resolve(LOCK));
      Files.deleteIfExists(path);
    }
  }
}
