package org.bufferyard.actors.sanitizer;

import akka.actor.ActorPath;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.allocator.sg.SgTable;
import org.jspecify.annotations.Nullable;

/** The buffers and live mappings there are, by this account. Owned by the sanitizer. */
final class Yardbook {
  /** As the kernel's {@code ACTIVE_CACHELINE_MAX_OVERLAP}, and for as many devices as share. */
  static final int MAPS_PER_PAGE_MAX = 1024;

  /** Segments of one list that are compared with one another. */
  static final int SEGMENTS_COMPARED_MAX = 32;

  private final LinkedHashMap<ActorPath, ShadowBuffer> byPath = new LinkedHashMap<>();
  private final LinkedHashMap<Integer, ShadowBuffer> byNumber = new LinkedHashMap<>();
  private final Findings findings;
  private final int recordsMax;
  private int records;
  private int peakRecords;

  Yardbook(int recordsMax, Findings findings) {
    this.recordsMax = recordsMax;
    this.findings = findings;
  }

  void add(ActorPath path, ShadowBuffer buffer) {
    byPath.put(path, buffer);
    byNumber.put(buffer.number, buffer);
  }

  /** It is gone; what it was is kept for reports, without its pages. */
  void bury(ActorPath path) {
    byPath.remove(path);
  }

  /** Nothing is kept of it. */
  void forget(ActorPath path, BufferId id) {
    byPath.remove(path);
    byNumber.remove((int) id.value());
  }

  @Nullable ShadowBuffer at(ActorPath path) {
    return byPath.get(path);
  }

  @Nullable ShadowBuffer of(BufferId id) {
    return byNumber.get((int) id.value());
  }

  @Nullable ShadowBuffer buffer(int number) {
    return number < 0 ? null : byNumber.get(number);
  }

  /** The live mapping of the buffer for the device that these segments are, or null. */
  @Nullable MappingRecord record(ShadowBuffer buffer, DeviceId device, SgTable table) {
    for (ShadowAttachment attachment : buffer.attachments.values()) {
      MappingRecord record = attachment.record;
      if (record != null && record.device().equals(device) && record.table().equals(table)) {
        return record;
      }
    }
    return null;
  }

  /** One more mapping; false when there is no room for its record. */
  boolean recorded() {
    if (records == recordsMax) {
      findings.add(Rule.D24, null, "out of mapping records after " + recordsMax + "; now blind");
      return false;
    }
    records++;
    peakRecords = Math.max(peakRecords, records);
    return true;
  }

  void dropped() {
    records--;
  }

  int records() {
    return records;
  }

  int peakRecords() {
    return peakRecords;
  }

  Map<ActorPath, ShadowBuffer> live() {
    return byPath;
  }
}
