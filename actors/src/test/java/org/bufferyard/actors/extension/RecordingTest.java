package org.bufferyard.actors.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.extension.EmbedRig.MIB;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.allocator.DmaDirection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording shows of a yard. */
class RecordingTest {
  @Test
  void recording_whileBuffersAreMappedAndEvicted_showsBoth(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("yard.jfr");
    try (Recording recording = new Recording();
        EmbedRig rig = new EmbedRig()) {
      for (String name : List.of("Map", "Evict", "Move", "Stall", "Fault")) {
        recording.enable("org.bufferyard." + name).withoutThreshold();
      }
      recording.start();
      HostImporter importer = rig.importer("recorded");
      List<BufferAttachment> buffers = new ArrayList<>();
      for (int buffer = 0; buffer < 6; buffer++) {
        buffers.add(rig.attached(importer, MIB));
        rig.get(buffers.getLast().map(DmaDirection.TO_DEVICE)).close();
      }
      rig.get(buffers.getFirst().map(DmaDirection.TO_DEVICE)).close();
      rig.idle();
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("org.bufferyard.Map"))
        .hasSizeGreaterThanOrEqualTo(6)
        .anySatisfy(event -> assertThat(event.getString("importer")).isEqualTo("recorded"));
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("org.bufferyard.Evict"))
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(
            event -> {
              assertThat(event.getString("yard")).isEqualTo("rig");
              assertThat(event.getString("cause")).isEqualTo("eviction");
              assertThat(event.getLong("sizeBytes")).isEqualTo(MIB);
            });
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("org.bufferyard.Move"))
        .singleElement()
        .satisfies(event -> assertThat(event.getString("cause")).isNotEqualTo("eviction"));
  }
}
