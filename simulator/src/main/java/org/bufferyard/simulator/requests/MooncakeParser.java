package org.bufferyard.simulator.requests;

import org.bufferyard.simulator.trace.TraceException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** JSON lines, each an object whose {@code hash_ids} are the blocks requested, in order. */
final class MooncakeParser implements RecordParser {
  static final String FIELD = "hash_ids";

  private final DecodedFile source;
  private final ByteWindow window;
  private final ObjectIds objects;
  private final JsonFactory json = new JsonFactory();

  MooncakeParser(DecodedFile source, ReadLimits limits, ObjectIds objects) {
    this.source = source;
    this.window = new ByteWindow(source, limits.lineBytesMax());
    this.objects = objects;
  }

  @Override
  public boolean next(Entries entries) {
    if (!window.nextLine()) {
      return false;
    }
    byte[] line = window.lineBytes();
    if (blank(line)) {
      return true;
    }
    try (JsonParser parser = json.createParser(ObjectReadContext.empty(), line)) {
      record(parser, entries);
    } catch (JacksonException malformed) {
      throw fault("JSON", malformed.getOriginalMessage(), "not one object a line");
    }
    return true;
  }

  private static boolean blank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t') {
        return false;
      }
    }
    return true;
  }

  private void record(JsonParser parser, Entries entries) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw fault("JSON", window.text(0, Math.min(16, window.lineLength())), "not an object");
    }
    boolean found = false;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      boolean blocks = parser.currentName().equals(FIELD);
      JsonToken value = parser.nextToken();
      if (blocks && found) {
        throw fault(FIELD, FIELD, "twice in one line");
      }
      if (blocks) {
        blocks(parser, value, entries);
        found = true;
      } else {
        parser.skipChildren();
      }
    }
    if (!found) {
      throw fault(FIELD, window.text(0, Math.min(16, window.lineLength())), "missing");
    }
    if (parser.nextToken() != null) {
      throw fault("JSON", parser.getString(), "after the object");
    }
  }

  private void blocks(JsonParser parser, JsonToken first, Entries entries) {
    if (first != JsonToken.START_ARRAY) {
      throw fault(FIELD, parser.getString(), "not an array");
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        throw fault(FIELD, parser.getString(), "not whole numbers");
      }
      if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
        throw fault(FIELD, parser.getString(), "not within 64 bits");
      }
      long block = parser.getLongValue();
      int id = objects.add(block, 1);
      if (id == ObjectIds.FULL) {
        throw fault("object", String.valueOf(block), "more than " + objects.count() + " objects");
      }
      entries.request(id);
    }
  }

  private TraceException fault(String field, String value, String rule) {
    return TraceException.atLine(window.file(), window.line(), field, value, rule);
  }

  @Override
  public long rawBytes() {
    return source.rawBytes();
  }

  @Override
  public void close() {
    source.close();
  }
}
