package org.bufferyard.cli.output;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bufferyard.actors.environment.HeapKind;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.DmaPath;
import org.bufferyard.allocator.placement.Reach;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.bufferyard.deviceactors.catalog.RegionCatalog;
import org.jspecify.annotations.Nullable;

/** The catalogue of devices and heaps, for a person and as JSON. */
public final class CatalogPage {
  private static final String NONE = "-";

  public static String text() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "kind",
            "path",
            "importer",
            "hook",
            "bits",
            "segments",
            "longest",
            "boundary",
            "align",
            "reaches",
            ""));
    for (CatalogKind kind : CatalogKind.values()) {
      rows.add(row(kind));
    }
    List<List<String>> heaps = new ArrayList<>();
    heaps.add(List.of("heap", "in explain", "long runs", ""));
    for (HeapKind heap : HeapKind.values()) {
      heaps.add(
          List.of(
              heap.label(),
              String.join(", ", RegionCatalog.ofHeap(heap)),
              heap.contiguous() ? "yes" : "no",
              heap.summary()));
    }
    return TextTable.leftAligned(rows) + '\n' + TextTable.leftAligned(heaps);
  }

  private static List<String> row(CatalogKind kind) {
    DeviceDemand it = kind.named(kind.label());
    DmaConstraints limits = it.constraints();
    return List.of(
        kind.label(),
        paths(kind, it),
        kind.dynamic() ? "dynamic" : "static",
        kind.hook().label(),
        Integer.toString(bits(limits)),
        limits.maxSegments() == Integer.MAX_VALUE ? NONE : Integer.toString(limits.maxSegments()),
        limits.maxSegmentBytes() == DmaConstraints.UINT_MAX
            ? NONE
            : Figures.size(limits.maxSegmentBytes()),
        limits.boundaryMask() == DmaConstraints.NO_BOUNDARY
            ? NONE
            : Figures.size(limits.boundaryMask() + 1),
        limits.alignBytes() == Pages.SIZE_BYTES ? NONE : Figures.size(limits.alignBytes()),
        it.reaches().isEmpty() ? NONE : String.join(" ", regions(it)),
        kind.summary());
  }

  /** How it reaches memory, or whom to attach in its place. */
  private static String paths(CatalogKind kind, DeviceDemand it) {
    String ancestor = it.dmaAncestor();
    return ancestor == null ? word(kind.path()) : "of " + ancestor;
  }

  private static String word(DmaPath path) {
    return path.name().toLowerCase(Locale.ROOT);
  }

  private static int bits(DmaConstraints limits) {
    return Long.SIZE - Long.numberOfLeadingZeros(limits.dmaMask());
  }

  private static List<String> regions(DeviceDemand it) {
    return it.reaches().stream().map(Reach::region).toList();
  }

  public static String json() {
    Map<String, Object> json = new LinkedHashMap<>();
    List<Object> devices = new ArrayList<>();
    for (CatalogKind kind : CatalogKind.values()) {
      devices.add(device(kind));
    }
    json.put("devices", devices);
    List<Object> heaps = new ArrayList<>();
    for (HeapKind heap : HeapKind.values()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("name", heap.label());
      fields.put("regions", RegionCatalog.ofHeap(heap));
      fields.put("contiguous", heap.contiguous());
      fields.put("summary", heap.summary());
      heaps.add(fields);
    }
    json.put("heaps", heaps);
    return Json.indented(json);
  }

  private static Map<String, @Nullable Object> device(CatalogKind kind) {
    DeviceDemand it = kind.named(kind.label());
    DmaConstraints limits = it.constraints();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("kind", kind.label());
    fields.put("summary", kind.summary());
    fields.put("path", it.dmaAncestor() == null ? word(kind.path()) : null);
    fields.put("attachInstead", it.dmaAncestor());
    fields.put("importer", kind.dynamic() ? "dynamic" : "static");
    fields.put("hook", kind.hook().label());
    fields.put("dmaMaskBits", bits(limits));
    fields.put("maxSegments", limits.maxSegments());
    fields.put("maxSegmentBytes", limits.maxSegmentBytes());
    fields.put(
        "boundaryBytes",
        limits.boundaryMask() == DmaConstraints.NO_BOUNDARY ? 0 : limits.boundaryMask() + 1);
    fields.put("alignBytes", limits.alignBytes());
    fields.put("bytesPerSecond", kind.bytesPerSecond());
    fields.put("reaches", regions(it));
    return fields;
  }

  private CatalogPage() {}
}
