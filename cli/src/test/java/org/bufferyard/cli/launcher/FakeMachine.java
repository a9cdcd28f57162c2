package org.bufferyard.cli.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A machine of folders for the launcher: JDKs and Maven are scripts that say how they were called,
 * the checkout holds the real launcher, and nothing of the real machine but shell tools is seen.
 */
final class FakeMachine {
  /** How a launcher ended and what it wrote. */
  record Ended(int exitCode, List<String> out, List<String> err) {}

  private static final List<String> TOOLS =
      List.of(
          "bash",
          "sh",
          "env",
          "dirname",
          "basename",
          "readlink",
          "grep",
          "find",
          "head",
          "cat",
          "cksum",
          "tr",
          "mkdir",
          "rm",
          "rmdir",
          "ln",
          "mv",
          "cp",
          "mktemp",
          "touch",
          "sleep");

  private static final String JAVA =
      """
      #!/bin/sh
      for word in "$@"; do
        case $word in -XX:AOTCacheOutput=*) echo cache >"${word#*=}"; exit 0 ;; esac
      done
      if [ -e "$MACHINE/incubating" ]; then
        echo "WARNING: Using incubator modules: jdk.incubator.vector" >&2
        echo "told of bad usage" >&2
        exit 2
      fi
      echo "jdk $(dirname "$(dirname "$0")")"
      echo "cwd $(pwd)"
      for word in "$@"; do echo "$word"; done
      """;

  private static final String MVN =
      """
      #!/bin/sh
      echo "$JAVA_HOME" >>"$MACHINE/builds"
      if [ -p "$MACHINE/gate" ]; then cat "$MACHINE/gate" >/dev/null; fi
      if [ -e "$MACHINE/broken" ]; then echo "[ERROR] no such symbol"; exit 1; fi
      for word in "$@"; do
        [ "$before" != -pl ] || module=$word
        before=$word
      done
      mkdir -p "$module/target/launcher/app/lib"
      echo jar >"$module/target/launcher/app/lib/app.jar"
      """;

  final Path folder;
  final Path yard;

  FakeMachine(Path folder) throws IOException {
    this.folder = folder;
    this.yard = Files.createDirectories(folder.resolve("my yard"));
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : TOOLS) {
      executable(tools.resolve(tool), "#!/bin/sh\nexec " + found(tool) + " \"$@\"\n");
    }
    for (String module :
        List.of(
            "allocator", "testkit", "actors", "device-actors", "simulator", "cli", "benchmarks")) {
      Path main = Files.createDirectories(yard.resolve(module).resolve("src/main"));
      Files.createFile(main.resolve("A.java"));
      Files.createFile(yard.resolve(module).resolve("pom.xml"));
    }
    Files.createFile(yard.resolve("pom.xml"));
    executable(launcher(), rootedHere(Files.readString(Path.of("..", "bufferyard"))));
  }

  Path launcher() {
    return yard.resolve("bufferyard");
  }

  /** The usual install folders, moved below this machine's own. */
  private String rootedHere(String script) {
    String rooted = script.replaceAll("(?m)^  /(usr|opt|Library)", "  " + folder + "/$1");
    if (rooted.equals(script)) {
      throw new IllegalStateException("the launcher lists no install folders");
    }
    return rooted;
  }

  private static Path found(String tool) {
    for (String bin : List.of("/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin")) {
      if (Files.isExecutable(Path.of(bin, tool))) {
        return Path.of(bin, tool);
      }
    }
    throw new IllegalStateException("no " + tool);
  }

  Path jdk(String where, String version) throws IOException {
    Path jdk = folder.resolve(where);
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    executable(jdk.resolve("bin/java"), JAVA);
    executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
    return jdk;
  }

  void maven() throws IOException {
    executable(folder.resolve("tools/mvn"), MVN);
  }

  /** JDKs that Maven was started with, one per build. */
  List<String> builds() throws IOException {
    Path log = folder.resolve("builds");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  static void executable(Path file, String script) throws IOException {
    Files.writeString(file, script);
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot make executable: " + file);
    }
  }

  Process start(Map<String, String> environment, Path command, String... args) throws IOException {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", folder.resolve("tools").toString());
    builder.environment().put("HOME", folder.resolve("home").toString());
    builder.environment().put("MACHINE", folder.toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  Ended run(Map<String, String> environment, String... args) throws Exception {
    return ended(start(environment, launcher(), args));
  }

  static Ended ended(Process process) throws InterruptedException {
    List<String> err = new ArrayList<>();
    Thread reader = Thread.ofVirtual().start(() -> err.addAll(lines(process.errorReader())));
    List<String> out = lines(process.inputReader());
    reader.join();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the launcher hangs; out " + out + ", err " + err);
    }
    return new Ended(process.exitValue(), out, err);
  }

  private static List<String> lines(java.io.BufferedReader reader) {
    try (reader) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
