package org.bufferyard.benchmarks.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import org.bufferyard.allocator.sg.SgTable;

/**
 * Teaches Jackson scatterlists, as two arrays: the best that CBOR can do for them. As a list of
 * objects they would take two and a half times the bytes.
 */
public final class SgTableModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  /** What is on the wire. */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  public record Columns(long[] addresses, int[] lengths) {}

  public SgTableModule() {
    addSerializer(SgTable.class, new Writer());
    addDeserializer(SgTable.class, new Reader());
  }

  private static final class Writer extends StdSerializer<SgTable> {
    private static final long serialVersionUID = 1L;

    Writer() {
      super(SgTable.class);
    }

    @Override
    public void serialize(SgTable table, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      int nents = table.nents();
      out.writeStartObject(table, 2);
      out.writeFieldName("addresses");
      out.writeStartArray(table, nents);
      for (int segment = 0; segment < nents; segment++) {
        out.writeNumber(table.address(segment));
      }
      out.writeEndArray();
      out.writeFieldName("lengths");
      out.writeStartArray(table, nents);
      for (int segment = 0; segment < nents; segment++) {
        out.writeNumber((int) table.lengthBytes(segment));
      }
      out.writeEndArray();
      out.writeEndObject();
    }
  }

  private static final class Reader extends StdDeserializer<SgTable> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(SgTable.class);
    }

    @Override
    public SgTable deserialize(JsonParser in, DeserializationContext context) throws IOException {
      Columns columns = context.readValue(in, Columns.class);
      return SgTable.ofColumns(columns.addresses(), columns.lengths());
    }
  }
}
