package org.bufferyard.simulator.scenario;

import java.util.List;
import java.util.Map;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.placement.DmaPath;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.bufferyard.deviceactors.path.HookKind;
import org.bufferyard.deviceactors.path.PathSpec;
import org.bufferyard.simulator.scenario.DeviceSpec.AttachAs;
import org.bufferyard.simulator.scenario.DeviceSpec.Way;
import org.jspecify.annotations.Nullable;

/**
 * Reads one section of {@code devices}: what the file does not say is as the catalogue has it for
 * the device's kind.
 */
final class DeviceReader {
  private static final long GIB = 1L << 30;
  private static final long STAGING_BYTES = 16L << 20;
  private static final List<String> PATHS = List.of("direct", "bounce", "tiler", "cpu");

  private final List<String> reachable;
  private final List<String> iommus;
  private final List<String> devices;

  /** Names that sections may refer to. */
  DeviceReader(List<String> reachable, List<String> iommus, List<String> devices) {
    this.reachable = reachable;
    this.iommus = iommus;
    this.devices = devices;
  }

  DeviceSpec read(String name, Fields fields) {
    CatalogKind kind =
        fields.has("kind") ? CatalogKind.of(fields.name("kind", "", CatalogKind.labels())) : null;
    DmaConstraints limits =
        kind == null ? DmaConstraints.UNLIMITED : kind.named(name).constraints();
    String iommu = fields.has("iommu") ? fields.name("iommu", "", iommus) : null;
    Way way = way(fields, kind, iommu);
    long rate =
        fields.bytesPerSecond(
            "rate",
            kind == null ? GIB : kind.bytesPerSecond(),
            Pages.SIZE_BYTES,
            ScenarioReader.RATE_MAX);
    return new DeviceSpec(
        name,
        kind,
        iommu,
        reaches(name, fields, way),
        fields.integer("dma-mask-bits", bits(limits), Pages.SHIFT, Long.SIZE),
        fields.sizeBytes(
            "max-segment", limits.maxSegmentBytes(), Pages.SIZE_BYTES, DmaConstraints.UINT_MAX),
        power(fields, "boundary", limits.boundaryMask() + 1, 0),
        fields.integer("max-segments", limits.maxSegments(), 1, Integer.MAX_VALUE),
        power(fields, "align", limits.alignBytes(), Pages.SIZE_BYTES),
        fields.word(
            "importer",
            kind == null || kind.dynamic() ? ImporterKind.DYNAMIC : ImporterKind.STATIC,
            ImporterKind.values()),
        rate,
        fields.bytesPerSecond("remote-rate", rate, Pages.SIZE_BYTES, rate),
        fields.integer("queue-depth", 64, 1, 65_536),
        way);
  }

  private static int bits(DmaConstraints limits) {
    return Long.SIZE - Long.numberOfLeadingZeros(limits.dmaMask());
  }

  /** A power of two from a page, or {@code none}. */
  private static long power(Fields fields, String key, long missing, long none) {
    long bytes = fields.sizeBytes(key, missing, 0, 1L << 62);
    if (bytes != none && (Long.bitCount(bytes) != 1 || bytes < Pages.SIZE_BYTES)) {
      throw fields.fault(
          key, bytes + " B", (none == 0 ? "0 B for none, or " : "") + "a power of two >= 4 KiB");
    }
    return bytes;
  }

  /** A device that does DMA reaches something; one on a bus reaches what its controller does. */
  private List<String> reaches(String name, Fields fields, Way way) {
    List<String> reaches = fields.names("reaches", reachable);
    boolean needless = way.behind() != null || way.path() == DmaPath.CPU;
    if (needless && !reaches.isEmpty()) {
      throw fields.fault("reaches", String.join(",", reaches), "absent for a device without DMA");
    }
    if (reaches.isEmpty() && !needless) {
      throw fields.fault(
          "reaches",
          "",
          "at least one of "
              + String.join(", ", reachable)
              + ", or "
              + name
              + " can reach no region");
    }
    return reaches;
  }

  private Way way(Fields fields, @Nullable CatalogKind kind, @Nullable String iommu) {
    HookKind hook =
        HookKind.of(
            fields.name("hook", kind == null ? "none" : kind.hook().label(), HookKind.labels()));
    AttachAs attach = fields.word("attach", AttachAs.CONTROLLER, AttachAs.values());
    String behind = fields.has("behind") ? fields.name("behind", "", devices) : null;
    if (behind == null && attach != AttachAs.CONTROLLER) {
      throw fields.fault(
          "attach", fields.text("attach", ""), "given only for a device behind another");
    }
    return new Way(
        attach == AttachAs.COPY ? DmaPath.CPU : path(fields, kind, iommu),
        hook == null ? HookKind.NONE : hook,
        fields.sizeBytes(
            "mapping-limit", PathSpec.NO_LIMIT, Pages.SIZE_BYTES, ScenarioReader.REGION_BYTES_MAX),
        fields.sizeBytes("staging", STAGING_BYTES, Pages.SIZE_BYTES, 1L << 32) & ~Pages.OFFSET_MASK,
        behind,
        attach);
  }

  private static DmaPath path(Fields fields, @Nullable CatalogKind kind, @Nullable String iommu) {
    boolean named = fields.has("path");
    if (iommu != null) {
      if (named) {
        throw fields.fault("path", fields.text("path", ""), "absent for a device with an iommu");
      }
      return DmaPath.IOMMU;
    }
    if (named) {
      return DmaPath.valueOf(fields.name("path", "", PATHS).toUpperCase(java.util.Locale.ROOT));
    }
    return kind == null || kind.path() == DmaPath.IOMMU ? DmaPath.DIRECT : kind.path();
  }

  /** A device sits behind one that does DMA of its own. */
  void checkBuses(List<DeviceSpec> all, Map<String, Fields> sections) {
    List<String> controllers =
        all.stream().filter(d -> d.way().behind() == null).map(DeviceSpec::name).toList();
    sections.forEach(
        (name, fields) -> {
          String behind = fields.has("behind") ? fields.text("behind", "") : null;
          if (behind != null && !controllers.contains(behind)) {
            throw fields.fault("behind", behind, "a device that does DMA of its own");
          }
        });
  }
}
