package org.bufferyard.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Entry point of the {@code bufferyard} launcher. */
public final class Main {
  /** Set by the launcher where standard output and standard error are a terminal. */
  private static final String TERMINAL = "bufferyard.terminal";

  /** What the user typed to start the launcher. */
  private static final String COMMAND = "bufferyard.command";

  public static void main(String[] args) {
    Terminal terminal =
        new Terminal(
            stream(FileDescriptor.out),
            stream(FileDescriptor.err),
            Boolean.getBoolean(TERMINAL),
            System.getProperty(COMMAND, "./bufferyard"));
    System.exit(Bufferyard.execute(terminal, Engine::run, args));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  private Main() {}
}
