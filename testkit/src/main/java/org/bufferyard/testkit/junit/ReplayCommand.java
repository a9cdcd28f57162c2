package org.bufferyard.testkit.junit;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;

/** The command that runs one seed of one test again. */
final class ReplayCommand {
  private ReplayCommand() {}

  /**
   * Maven runs the tests of a module in the module's directory, and the command is for the
   * directory above it; a project without modules needs no {@code -pl}.
   */
  static String of(Class<?> testClass, Method method, long seed) {
    String test = testClass.getName() + "#" + method.getName();
    return "mvn -q test%s -Dtest=%s -D%s=%d"
        .formatted(
            module(Path.of("").toAbsolutePath()),
            test.contains("$") ? "'" + test + "'" : test,
            SeededExtension.SEED,
            seed);
  }

  static String module(Path directory) {
    Path parent = directory.getParent();
    boolean isModule = parent != null && Files.exists(parent.resolve("pom.xml"));
    return isModule
        ? " -pl %s -am -Dsurefire.failIfNoSpecifiedTests=false".formatted(directory.getFileName())
        : "";
  }
}
