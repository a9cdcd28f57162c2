package org.bufferyard.benchmarks.baseline;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The committed C sources as loaded libraries. The kernel's shape is compiled with {@code -O3}, the
 * best effort and the bandwidth loops with {@code -O3 -march=native}.
 */
public final class CBaseline {
  private static final List<String> HEADERS =
      List.of("sg_kernel_shape.h", "kernel_work.h", "search_tree.h", "iova.h");
  private static final List<String> SHAPE =
      List.of(
          "sg_kernel_shape.c",
          "kernel_work.c",
          "iova.c",
          "iommu_kernel_shape.c",
          "buddy_kernel_shape.c");
  private static final List<String> NATIVE = List.of("sg_best.c", "bandwidth.c");
  private static final int COMPILE_SECONDS_MAX = 60;

  private static final FunctionDescriptor SIGNATURE =
      FunctionDescriptor.of(
          JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private final SymbolLookup shape;
  private final SymbolLookup tuned;

  private CBaseline(SymbolLookup shape, SymbolLookup tuned) {
    this.shape = shape;
    this.tuned = tuned;
  }

  /**
   * Compiles into {@code directory} and loads for the life of {@code arena}. Empty where there is
   * no gcc: only the ratios between Java contenders are measured then.
   */
  public static Optional<CBaseline> compile(Path directory, Arena arena) throws IOException {
    if (!hasGcc()) {
      return Optional.empty();
    }
    Files.createDirectories(directory);
    for (String name : HEADERS) {
      unpack(name, directory);
    }
    SymbolLookup shape = build("shape", SHAPE, List.of("-O3"), directory, arena);
    SymbolLookup tuned = build("native", NATIVE, List.of("-O3", "-march=native"), directory, arena);
    return Optional.of(new CBaseline(shape, tuned));
  }

  /** The compiler's first line about itself, or a note that there is none. */
  public static String compilerVersion() {
    if (!hasGcc()) {
      return "no gcc";
    }
    try {
      Process process = new ProcessBuilder("gcc", "-dumpfullversion").start();
      try (InputStream output = process.getInputStream()) {
        return "gcc "
            + new String(output.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
      }
    } catch (IOException gone) {
      return "no gcc";
    }
  }

  private static boolean hasGcc() {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String entry : path.split(java.io.File.pathSeparator, -1)) {
      if (!entry.isEmpty() && Files.isExecutable(Path.of(entry, "gcc"))) {
        return true;
      }
    }
    return false;
  }

  @SuppressWarnings("restricted") // Loading our own library is the purpose of this class.
  private static SymbolLookup build(
      String library, List<String> sources, List<String> flags, Path directory, Arena arena)
      throws IOException {
    Path target = directory.resolve("lib" + library + ".so");
    List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-Wall", "-Wextra"));
    command.addAll(flags);
    command.addAll(List.of("-shared", "-fPIC", "-o", target.toString()));
    for (String source : sources) {
      command.add(unpack(source, directory).toString());
    }
    Path log = directory.resolve(library + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!waitFor(process) || process.exitValue() != 0) {
      throw new IOException("gcc failed: " + command + "\n" + Files.readString(log));
    }
    return SymbolLookup.libraryLookup(target, arena);
  }

  private static boolean waitFor(Process process) throws IOException {
    try {
      return process.waitFor(COMPILE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while gcc ran", interrupted);
    }
  }

  private static Path unpack(String name, Path directory) throws IOException {
    Path target = directory.resolve(name);
    try (InputStream source = CBaseline.class.getResourceAsStream("/c/" + name)) {
      if (source == null) {
        throw new IOException("not on the class path: c/" + name);
      }
      Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
    }
    return target;
  }

  /** A function of the kernel's shape. */
  public CFunction shape(String name) {
    return function(shape, name);
  }

  /** A function of the best effort, or of the bandwidth loops. */
  public CFunction tuned(String name) {
    return function(tuned, name);
  }

  @SuppressWarnings("restricted") // The signature is ours on both sides.
  private static CFunction function(SymbolLookup library, String name) {
    return new CFunction(
        Linker.nativeLinker().downcallHandle(library.findOrThrow(name), SIGNATURE));
  }
}
