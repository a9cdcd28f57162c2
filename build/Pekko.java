import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Rewrites a module's sources from Akka to Pekko: {@code java build/Pekko.java FROM TO}, both
 * folders. Types change their package ({@code org.apache.pekko}), settings their root ({@code
 * pekko}) and addresses their scheme ({@code pekko://}); which of these a word is, follows from
 * whether it stands in a text, and there from what follows it. Files whose outcome is the same as
 * before are left alone, so that only what has changed is compiled again.
 */
final class Pekko {
  private static final Pattern TYPE = Pattern.compile("(?<![\\w.$])akka\\.(?=[a-zA-Z])");

  /** The beginning of class names, as some code compares them. */
  private static final Pattern CLASS_PREFIX = Pattern.compile("^akka\\.\\.?$");

  private static final Pattern SETTING =
      Pattern.compile("(?<![\\w.$/])akka(?=\\.[a-zA-Z]|://|\\s*\\{)");

  private static final List<String> TEXTS = List.of(".conf", ".properties");

  public static void main(String[] arguments) throws IOException {
    Path from = Path.of(arguments[0]);
    Path to = Path.of(arguments[1]);
    List<Path> files;
    try (Stream<Path> all = Files.walk(from)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      write(file, to.resolve(from.relativize(file)));
    }
    removeOthers(from, to);
  }

  private static void write(Path from, Path to) throws IOException {
    String name = from.getFileName().toString();
    byte[] bytes = Files.readAllBytes(from);
    if (name.endsWith(".java")) {
      bytes = java(new String(bytes, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    } else if (TEXTS.stream().anyMatch(name::endsWith)) {
      bytes = text(new String(bytes, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }
    if (Files.exists(to) && java.util.Arrays.equals(Files.readAllBytes(to), bytes)) {
      return;
    }
    Files.createDirectories(to.getParent());
    Path fresh = Files.write(to.resolveSibling(name + ".new"), bytes);
    Files.move(fresh, to, StandardCopyOption.REPLACE_EXISTING);
  }

  /** What a source no longer has must not be compiled any more. */
  private static void removeOthers(Path from, Path to) throws IOException {
    List<Path> written;
    try (Stream<Path> all = Files.walk(to)) {
      written = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : written) {
      if (!Files.exists(from.resolve(to.relativize(file)))) {
        Files.delete(file);
      }
    }
  }

  private static String text(String text) {
    return SETTING.matcher(text).replaceAll("pekko");
  }

  private static String literal(String text) {
    return CLASS_PREFIX.matcher(text).matches()
        ? "org.apache.pekko" + text.substring(4)
        : text(text);
  }

  /** Code and comments name types; what stands between quotes names settings and addresses. */
  private static String java(String source) {
    StringBuilder out = new StringBuilder(source.length());
    int at = 0;
    while (at < source.length()) {
      int quote = nextQuote(source, at);
      out.append(TYPE.matcher(source.substring(at, quote)).replaceAll("org.apache.pekko."));
      if (quote == source.length()) {
        break;
      }
      String mark =
          source.startsWith("\"\"\"", quote) ? "\"\"\"" : source.substring(quote, quote + 1);
      int end = closing(source, quote + mark.length(), mark);
      out.append(mark).append(literal(source.substring(quote + mark.length(), end))).append(mark);
      at = end + mark.length();
    }
    return out.toString();
  }

  /** The next quotation mark that is not in a comment; the source's end if there is none. */
  private static int nextQuote(String source, int from) {
    int at = from;
    while (at < source.length()) {
      if (source.startsWith("//", at)) {
        at = endOf(source, at, "\n");
      } else if (source.startsWith("/*", at)) {
        at = endOf(source, at + 2, "*/");
      } else if (source.charAt(at) == '"' || source.charAt(at) == '\'') {
        return at;
      } else {
        at++;
      }
    }
    return source.length();
  }

  private static int endOf(String source, int from, String mark) {
    int end = source.indexOf(mark, from);
    return end < 0 ? source.length() : end + mark.length();
  }

  private static int closing(String source, int from, String mark) {
    for (int at = from; at < source.length(); at++) {
      if (source.charAt(at) == '\\') {
        at++;
      } else if (source.startsWith(mark, at)) {
        return at;
      }
    }
    throw new IllegalArgumentException("a text without an end, at character " + from);
  }
}
