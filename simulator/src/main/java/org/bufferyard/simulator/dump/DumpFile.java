package org.bufferyard.simulator.dump;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Dumps as JSON. A refusal is one line that names the file and the place in it. */
public final class DumpFile {
  /** Larger files are refused: a dump of a million buffers is smaller. */
  public static final long BYTES_MAX = 1L << 30;

  private static final int DEPTH_MAX = 8;

  /** The dump as maps, lists and plain values, in the file's order. */
  public static Object tree(Dump dump) {
    return RecordTree.write(dump);
  }

  public static Outcome<Dump> read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        return refused(file, "is a directory");
      }
      if (Files.size(file) > BYTES_MAX) {
        return refused(file, "is larger than " + BYTES_MAX + " bytes");
      }
      return parse(file, Files.readAllBytes(file));
    } catch (NoSuchFileException missing) {
      return refused(file, "no such file");
    } catch (AccessDeniedException denied) {
      return refused(file, "permission denied");
    } catch (IOException unreadable) {
      return refused(file, "cannot be read: " + unreadable.getMessage());
    }
  }

  private static Outcome<Dump> parse(Path file, byte[] text) {
    JsonFactory factory =
        JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) {
        return refused(file, "is empty");
      }
      Dump dump = checked(value(parser, 0));
      return parser.nextToken() == null
          ? Outcome.done(dump)
          : refused(file, "goes on after the dump's end");
    } catch (JacksonException malformed) {
      int line = malformed.getLocation() == null ? 0 : malformed.getLocation().getLineNr();
      String where = line > 0 ? "line " + line + ": " : "";
      return refused(file, where + "no JSON: " + firstLine(malformed.getOriginalMessage()));
    } catch (RecordTree.Fault fault) {
      return refused(file, String.valueOf(fault.getMessage()));
    }
  }

  private static String firstLine(@Nullable String text) {
    return text == null ? "malformed" : text.lines().findFirst().orElse("malformed");
  }

  private static Dump checked(@Nullable Object tree) throws RecordTree.Fault {
    if (tree instanceof Map<?, ?> fields
        && fields.containsKey("format")
        && !Dump.FORMAT.equals(fields.get("format"))) {
      throw new RecordTree.Fault("format", "is no " + Dump.FORMAT);
    }
    Dump dump = RecordTree.read(Dump.class, tree);
    if (dump.version() != Dump.VERSION) {
      throw new RecordTree.Fault(
          "version", "is " + dump.version() + ", this reads " + Dump.VERSION);
    }
    for (int i = 0; i < dump.buffers().size(); i++) {
      Dump.Buffer buffer = dump.buffers().get(i);
      if (buffer.sizeBytes() < 0 || buffer.memoryBytes() < 0) {
        throw new RecordTree.Fault("buffers[" + i + "]", "has a negative size");
      }
    }
    return dump;
  }

  private static @Nullable Object value(JsonParser parser, int depth) throws RecordTree.Fault {
    if (depth > DEPTH_MAX) {
      throw new RecordTree.Fault("", "is nested deeper than " + DEPTH_MAX);
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, depth);
      case START_ARRAY -> array(parser, depth);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> number(parser);
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  /** What fits no long is told as text, and then refused by its place. */
  private static Object number(JsonParser parser) {
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? parser.getString()
        : (Object) parser.getLongValue();
  }

  private static Map<String, @Nullable Object> object(JsonParser parser, int depth)
      throws RecordTree.Fault {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      fields.put(name, value(parser, depth + 1));
    }
    return fields;
  }

  private static List<@Nullable Object> array(JsonParser parser, int depth)
      throws RecordTree.Fault {
    List<@Nullable Object> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser, depth + 1));
    }
    return items;
  }

  private static Outcome<Dump> refused(Path file, String what) {
    return Outcome.refused(Errno.EINVAL, file + ": " + what);
  }

  private DumpFile() {}
}
