package org.bufferyard.simulator.scenario;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import java.io.File;
import java.net.URL;
import java.util.List;

/**
 * The text of a scenario file as an object tree. Scenario files are given by others, so nothing in
 * them reaches outside: no include, no substitution, and bounded nesting.
 */
final class ScenarioText {
  static final String SETTING = "--set";
  static final int TEXT_BYTES_MAX = 256 << 10;
  static final int LINE_CHARS_MAX = 1_000;
  static final int DEPTH_MAX = 32;
  private static final int PATH_MAX = 8;

  /** Parses {@code text}, then lays {@code settings} ({@code key=value}) over it, in order. */
  static ConfigObject parse(String file, String text, List<String> settings) {
    checkShape(file, text);
    Config config;
    try {
      config =
          ConfigFactory.parseString(
              text,
              ConfigParseOptions.defaults()
                  .setSyntax(ConfigSyntax.CONF)
                  .setOriginDescription(file)
                  .setIncluder(new NoInclude(file, text)));
    } catch (ConfigException bad) {
      throw new ScenarioFault(firstLine(file, bad));
    }
    if (!config.root().toConfig().isResolved()) {
      throw new ScenarioFault(
          file + ":" + lineOf(text, "${") + ": substitutions are not read in scenario files");
    }
    for (String setting : settings) {
      config = with(config, setting);
    }
    return config.root();
  }

  private static Config with(Config config, String setting) {
    int equals = setting.indexOf('=');
    if (equals <= 0) {
      throw new ScenarioFault(
          SETTING + " " + ScenarioFault.echo(setting) + ": is not of the form key=value");
    }
    String key = setting.substring(0, equals).strip();
    String value = setting.substring(equals + 1).strip();
    try {
      List<String> path = ConfigUtil.splitPath(key);
      if (path.size() > PATH_MAX) {
        throw new ScenarioFault(SETTING + " " + ScenarioFault.echo(key) + ": unknown key");
      }
      return config.withValue(
          ConfigUtil.joinPath(path), ConfigValueFactory.fromAnyRef(value, SETTING));
    } catch (ConfigException badPath) {
      throw new ScenarioFault(SETTING + " " + ScenarioFault.echo(key) + ": is not a key");
    }
  }

  /** Bounds that keep the recursive parser within its stack. Brackets in strings count too. */
  private static void checkShape(String file, String text) {
    int line = 1;
    int lineStart = 0;
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '\n' -> {
          line++;
          lineStart = i + 1;
        }
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> {}
      }
      if (depth > DEPTH_MAX) {
        throw new ScenarioFault(file + ":" + line + ": nested deeper than " + DEPTH_MAX);
      }
      if (i - lineStart >= LINE_CHARS_MAX) {
        throw new ScenarioFault(
            file + ":" + line + ": line longer than " + LINE_CHARS_MAX + " characters");
      }
    }
  }

  private static int lineOf(String text, String part) {
    int at = Math.max(0, text.indexOf(part));
    return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
  }

  /** The parser's message begins with the origin and may quote the input at length. */
  private static String firstLine(String file, ConfigException bad) {
    String message = String.valueOf(bad.getMessage()).lines().findFirst().orElse("");
    int line = bad.origin() == null ? 0 : Math.max(0, bad.origin().lineNumber());
    String prefix = file + ": " + line + ": ";
    String reason = message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    String where = line > 0 ? file + ":" + line : file;
    return where + ": not HOCON: " + ScenarioFault.plain(reason);
  }

  /** Refuses every kind of include. */
  private record NoInclude(String file, String text)
      implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      throw refusal(what);
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
      throw refusal(what);
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
      throw refusal(what);
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
      throw refusal(what);
    }

    private ScenarioFault refusal(Object what) {
      int line = lineOf(text, "include");
      return new ScenarioFault(
          file + ":" + line + ": include " + ScenarioFault.echo(what) + " is not allowed");
    }
  }

  private ScenarioText() {}
}
