package org.bufferyard.actors.remote;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A {@link RemotePeer} in a process of its own. */
final class PeerProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final PrintStream orders;

  /**
   * @param arguments of its main method
   */
  PeerProcess(String... arguments) {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RemotePeer.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.command().addAll(List.of(arguments));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    answers = process.inputReader(StandardCharsets.UTF_8);
    orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Tells it a line, and waits for the line that it answers. */
  String order(String line) throws IOException {
    orders.println(line);
    for (String answer = answers.readLine(); answer != null; answer = answers.readLine()) {
      if (answer.startsWith("> ")) {
        return answer.substring(2);
      }
    }
    throw new AssertionError("the other process has ended");
  }

  void die() throws InterruptedException {
    orders.println("die");
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
