package org.bufferyard.deviceactors.catalog;

import static org.bufferyard.deviceactors.catalog.Importing.DYNAMIC;
import static org.bufferyard.deviceactors.catalog.Importing.STATIC;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.DmaPath;
import org.bufferyard.deviceactors.path.HookKind;
import org.jspecify.annotations.Nullable;

/**
 * The device kinds of the catalogue, as users name them: a row each of its demand, how it imports,
 * how fast it moves data, and what its model does around mapping. The limits of each are in {@link
 * DeviceCatalog}. A new kind is a row here and a function there.
 */
public enum CatalogKind {
  GPU(
      "gpu",
      "discrete GPU with its own page tables; best in VRAM",
      DeviceCatalog::gpu,
      DYNAMIC,
      200),
  IGPU("igpu", "integrated GPU, on system memory", DeviceCatalog::integratedGpu, DYNAMIC, 32),
  SCANOUT(
      "scanout", "display engine of a discrete GPU; VRAM only", DeviceCatalog::scanout, STATIC, 2),
  DISPLAY(
      "display",
      "display controller without IOMMU: contiguous, below 4 GiB",
      DeviceCatalog::display,
      STATIC,
      2),
  DISPLAY_IOMMU(
      "display-iommu",
      "display controller behind an IOMMU",
      DeviceCatalog::displayIommu,
      STATIC,
      2),
  TILER_DISPLAY(
      "tiler-display",
      "display controller behind a tiler: scans 2-D views out",
      DeviceCatalog::tilerDisplay,
      STATIC,
      2,
      HookKind.FLUSH),
  CAMERA(
      "camera",
      "camera that gathers pages, 32 MiB at most; no IOMMU",
      DeviceCatalog::camera,
      STATIC,
      1),
  CSI_CAMERA(
      "csi-camera",
      "camera receiver without IOMMU: contiguous, 32 bits",
      DeviceCatalog::csiCamera,
      STATIC,
      1,
      HookKind.FLUSH),
  ISP(
      "isp",
      "image processor behind an IOMMU, 32 bits",
      DeviceCatalog::isp,
      DYNAMIC,
      4,
      HookKind.FLUSH),
  ENCODER("encoder", "video encoder behind an IOMMU", DeviceCatalog::encoder, DYNAMIC, 1),
  DECODER(
      "decoder",
      "video decoder behind an IOMMU: 4-page alignment, 256 MiB boundary",
      DeviceCatalog::decoder,
      DYNAMIC,
      1),
  USB_HOST(
      DeviceCatalog.USB_HOST,
      "USB host controller behind an IOMMU",
      DeviceCatalog::usbHost,
      STATIC,
      1),
  USB_DISPLAY(
      "usb-display", "display on USB: does no DMA itself", DeviceCatalog::usbLeaf, STATIC, 1),
  USB_CAMERA("usb-camera", "camera on USB: does no DMA itself", DeviceCatalog::usbLeaf, STATIC, 1),
  TILER_CLIENT(
      "tiler-client",
      "master behind a tiler: sees 2-D views",
      DeviceCatalog::tilerClient,
      DYNAMIC,
      4,
      HookKind.FLUSH),
  RETILER(
      "retiler",
      "image engine with an order of pages of its own: works on a re-tiled copy",
      DeviceCatalog::importer,
      DYNAMIC,
      4,
      HookKind.RETILE),
  NIC("nic", "network card that also reaches VRAM of its peers", DeviceCatalog::nic, DYNAMIC, 12),
  NVME("nvme", "storage controller behind an IOMMU", DeviceCatalog::nvme, STATIC, 6),
  LEGACY(
      "legacy",
      "30 address bits, no IOMMU; bounced up to 256 KiB",
      DeviceCatalog::legacy,
      STATIC,
      1),
  ISA("isa", "24 address bits, no IOMMU; bounced up to 256 KiB", DeviceCatalog::isa, STATIC, 1),
  IMPORTER("importer", "any DMA engine behind an IOMMU", DeviceCatalog::importer, DYNAMIC, 1),
  CPU("cpu", "a program that maps the buffer; no DMA", DeviceCatalog::cpu, STATIC, 4),
  SECURE_DISPLAY(
      "secure-display",
      "display for protected contents only",
      DeviceCatalog::secureDisplay,
      STATIC,
      2),
  SECURE_DECODER(
      "secure-decoder",
      "decoder for protected contents only",
      DeviceCatalog::secureDecoder,
      STATIC,
      1);

  private final String label;
  private final String summary;

  @SuppressWarnings("ImmutableEnumChecker") // always a method of DeviceCatalog, without state
  private final Function<String, DeviceDemand> demand;

  private final boolean dynamic;
  private final long bytesPerSecond;
  private final HookKind hook;

  CatalogKind(
      String label,
      String summary,
      Function<String, DeviceDemand> demand,
      Importing importing,
      int gibPerSecond) {
    this(label, summary, demand, importing, gibPerSecond, HookKind.NONE);
  }

  CatalogKind(
      String label,
      String summary,
      Function<String, DeviceDemand> demand,
      Importing importing,
      int gibPerSecond,
      HookKind hook) {
    this.label = label;
    this.summary = summary;
    this.demand = demand;
    this.dynamic = importing == DYNAMIC;
    this.bytesPerSecond = gibPerSecond * (1L << 30);
    this.hook = hook;
  }

  public String label() {
    return label;
  }

  /** What it is, in a few words. */
  public String summary() {
    return summary;
  }

  /** The demand of a device of this kind, called {@code name}. */
  public DeviceDemand named(String name) {
    return demand.apply(name);
  }

  /** It answers an invalidate; otherwise it pins what it maps. */
  public boolean dynamic() {
    return dynamic;
  }

  /** How fast its jobs move data, in round numbers. */
  public long bytesPerSecond() {
    return bytesPerSecond;
  }

  /** What its model does around mapping. */
  public HookKind hook() {
    return hook;
  }

  /** The way it reaches memory where it can; the copy path is where it goes otherwise. */
  public DmaPath path() {
    DeviceDemand it = named(label);
    DmaPath copy = it.copyPath();
    return copy != null && (copy == DmaPath.BOUNCE || it.reaches().isEmpty())
        ? copy
        : it.translation();
  }

  /** The kind that users call {@code label}, or null. */
  public static @Nullable CatalogKind of(String label) {
    for (CatalogKind kind : values()) {
      if (kind.label.equals(label)) {
        return kind;
      }
    }
    return null;
  }

  public static List<String> labels() {
    return Stream.of(values()).map(CatalogKind::label).toList();
  }
}
