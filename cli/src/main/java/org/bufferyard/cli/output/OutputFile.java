package org.bufferyard.cli.output;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.bufferyard.cli.BadInput;

/**
 * A file to be written when a run has ended, known to be writable before it starts. It appears
 * whole or not at all: the text goes to a file beside it that then takes its name.
 */
public final class OutputFile {
  private final String shown;
  private final Path target;

  private OutputFile(String shown, Path target) {
    this.shown = shown;
    this.target = target;
  }

  /**
   * A file whose folder exists; a regular file in its place will be replaced.
   *
   * @param option that named it, for the fault's text
   */
  public static OutputFile open(String option, Path file) throws BadInput {
    String shown = option + " " + file;
    Path absolute = file.toAbsolutePath();
    if (Files.isDirectory(absolute)) {
      throw new BadInput(shown + ": is a directory");
    }
    try {
      Path target = Files.exists(absolute) ? absolute.toRealPath() : absolute;
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        throw new BadInput(shown + ": is not a regular file");
      }
      Files.delete(beside(target));
      return new OutputFile(shown, target);
    } catch (IOException refused) {
      throw cannotWrite(shown, refused);
    }
  }

  /** {@code folder/name}; makes the folder and those above it where they are missing. */
  public static OutputFile openIn(String option, Path folder, String name) throws BadInput {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException noFolder) {
      throw new BadInput(option + " " + folder + ": is not a directory");
    } catch (IOException refused) {
      throw cannotWrite(option + " " + folder, refused);
    }
    return open(option, folder.resolve(name));
  }

  public void write(String text) throws BadInput {
    write(out -> Files.writeString(out, text));
  }

  /** Fills a file; may fail half-way. */
  @FunctionalInterface
  public interface Body {
    void writeTo(Path file) throws IOException;
  }

  public void write(Body body) throws BadInput {
    try {
      Path temporary = beside(target);
      try {
        body.writeTo(temporary);
        replace(temporary);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException refused) {
      throw cannotWrite(shown, refused);
    }
  }

  private void replace(Path temporary) throws IOException {
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException network) {
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** A new empty file in the target's folder, with the rights that a new file has there. */
  private static Path beside(Path target) throws IOException {
    for (int i = 0; ; i++) {
      try {
        String name = "." + target.getFileName() + "." + ProcessHandle.current().pid() + "-" + i;
        return Files.createFile(target.resolveSibling(name));
      } catch (FileAlreadyExistsException taken) {
        if (i == 100) {
          throw taken;
        }
      }
    }
  }

  private static BadInput cannotWrite(String shown, IOException refused) {
    String reason =
        switch (refused) {
          case NoSuchFileException _ -> "no such folder";
          case AccessDeniedException _ -> "permission denied";
          case FileSystemException system when system.getReason() != null -> system.getReason();
          default -> String.valueOf(refused.getMessage());
        };
    return new BadInput(shown + ": cannot be written: " + reason);
  }
}
