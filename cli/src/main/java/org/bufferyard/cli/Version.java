package org.bufferyard.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says: this program, its Akka, its JVM. */
final class Version implements IVersionProvider {
  /** Akka's jar carries its version in this resource, as {@code akka.version = "2.8.5"}. */
  private static final String AKKA_RESOURCE = "/version.conf";

  private static final Pattern AKKA_VERSION =
      Pattern.compile("akka\\.version\\s*=\\s*\"([^\"]+)\"");

  @Override
  public String[] getVersion() throws IOException {
    return new String[] {"bufferyard " + own(), "Akka " + akka() + ", JDK " + Runtime.version()};
  }

  /** This program's. */
  static String own() {
    String own = Version.class.getPackage().getImplementationVersion();
    return own == null ? "(not packaged)" : own;
  }

  private static String akka() throws IOException {
    try (InputStream in = Version.class.getResourceAsStream(AKKA_RESOURCE)) {
      String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Matcher matcher = AKKA_VERSION.matcher(text);
      return matcher.find() ? matcher.group(1) : "(unknown)";
    }
  }
}
