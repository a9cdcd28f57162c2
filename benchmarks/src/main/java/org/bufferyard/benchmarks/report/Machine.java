package org.bufferyard.benchmarks.report;

import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Where the figures come from.
 *
 * @param cores as the JVM counts them; others use them too
 * @param flags of the JVM that change what is measured
 * @param effort rounds and length of a turn
 */
public record Machine(int cores, String jdk, String compiler, String flags, String effort) {
  public static Machine here(String compiler, String effort) {
    List<String> arguments =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> !argument.startsWith("-D") && !argument.contains("/"))
            .toList();
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        compiler,
        String.join(" ", arguments),
        effort);
  }

  String toJson() {
    return String.format(
        "\"cores\":%d,\"jdk\":\"%s\",\"compiler\":\"%s\",\"flags\":\"%s\",\"effort\":\"%s\"",
        cores, jdk, compiler, flags, effort);
  }
}
