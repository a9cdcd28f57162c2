package org.bufferyard.actors.protocol;

import java.util.List;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.jspecify.annotations.Nullable;

/**
 * How a buffer is exported, where it is not as most are.
 *
 * @param operations what the exporter implements, of {@link ExporterOps}
 * @param kinds what mappings it gives, most wanted first
 * @param cachedMappings a mapping stays until detach or the next move, however often it is
 *     unmapped. Model of {@code cache_sgt_mapping}
 * @param early allocate now, before the importers are known: legal where the exporter's own place
 *     serves each of these, who may attach; null: wait for the first map
 * @param reservation shared with other buffers; null for one of its own
 */
public record ExportOptions(
    int operations,
    List<MappingKind> kinds,
    boolean cachedMappings,
    @Nullable List<DeviceDemand> early,
    @Nullable SharedReservation reservation) {
  /** Everything implemented, scatterlists, allocated at the first map, a reservation of its own. */
  public static final ExportOptions USUAL =
      new ExportOptions(ExporterOps.ALL, List.of(MappingKind.SCATTERLIST), false, null, null);

  public ExportOptions {
    kinds = List.copyOf(kinds);
    early = early == null ? null : List.copyOf(early);
  }

  public boolean offers(int operation) {
    return (operations & operation) == operation;
  }

  public ExportOptions withOperations(int implemented) {
    return new ExportOptions(implemented, kinds, cachedMappings, early, reservation);
  }

  public ExportOptions withKinds(MappingKind... given) {
    return new ExportOptions(operations, List.of(given), cachedMappings, early, reservation);
  }

  public ExportOptions withCachedMappings() {
    return new ExportOptions(operations, kinds, true, early, reservation);
  }

  public ExportOptions withEarlyFor(List<DeviceDemand> importers) {
    return new ExportOptions(operations, kinds, cachedMappings, importers, reservation);
  }

  public ExportOptions withReservation(SharedReservation shared) {
    return new ExportOptions(operations, kinds, cachedMappings, early, shared);
  }
}
