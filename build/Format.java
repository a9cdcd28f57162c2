import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks or rewrites every Java source of the tree with google-java-format: {@code java -cp
 * google-java-format.jar build/Format.java check|write ROOT}. Exit code 1 names each file that
 * differs.
 */
public final class Format {
  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("write");
    Formatter formatter = new Formatter(JavaFormatterOptions.defaultOptions());
    int differing = 0;
    for (Path file : sources(Path.of(args[1]))) {
      String before = Files.readString(file);
      String ordered = ImportOrderer.reorderImports(before, JavaFormatterOptions.Style.GOOGLE);
      String after = formatter.formatSource(RemoveUnusedImports.removeUnusedImports(ordered));
      if (after.equals(before)) {
        continue;
      }
      if (write) {
        Files.writeString(file, after);
      } else {
        differing++;
        System.err.println("not formatted: " + file + " (make fmt rewrites it)");
      }
    }
    System.exit(differing == 0 ? 0 : 1);
  }

  private static List<Path> sources(Path root) throws java.io.IOException {
    try (var walk = Files.walk(root)) {
      return walk.filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !root.relativize(file).toString().contains("target"))
          .sorted()
          .toList();
    }
  }
}
