package org.bufferyard.deviceactors.catalog;

import java.util.List;
import java.util.stream.Stream;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.jspecify.annotations.Nullable;

/** The device kinds of the catalogue, as users name them. */
public enum CatalogKind {
  GPU("gpu", "discrete GPU with its own page tables; best in VRAM"),
  SCANOUT("scanout", "display engine of a discrete GPU; VRAM only"),
  DISPLAY("display", "display controller without IOMMU: contiguous, below 4 GiB"),
  DISPLAY_IOMMU("display-iommu", "display controller behind an IOMMU"),
  CAMERA("camera", "camera that gathers pages, 32 MiB at most; no IOMMU"),
  ENCODER("encoder", "video encoder behind an IOMMU"),
  USB_HOST(DeviceCatalog.USB_HOST, "USB host controller behind an IOMMU"),
  USB_DISPLAY("usb-display", "display on USB: does no DMA itself"),
  USB_CAMERA("usb-camera", "camera on USB: does no DMA itself"),
  TILER_CLIENT("tiler-client", "master behind a tiler: sees 2-D views"),
  NIC("nic", "network card that also reaches VRAM of its peers"),
  LEGACY("legacy", "30 address bits, no IOMMU; bounced up to 256 KiB"),
  IMPORTER("importer", "any DMA engine behind an IOMMU"),
  CPU("cpu", "a program that maps the buffer; no DMA"),
  SECURE_DISPLAY("secure-display", "display for protected contents only"),
  SECURE_DECODER("secure-decoder", "decoder for protected contents only");

  private final String label;
  private final String summary;

  CatalogKind(String label, String summary) {
    this.label = label;
    this.summary = summary;
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
    return switch (this) {
      case GPU -> DeviceCatalog.gpu(name);
      case SCANOUT -> DeviceCatalog.scanout(name);
      case DISPLAY -> DeviceCatalog.display(name);
      case DISPLAY_IOMMU -> DeviceCatalog.displayIommu(name);
      case CAMERA -> DeviceCatalog.camera(name);
      case ENCODER -> DeviceCatalog.encoder(name);
      case USB_HOST -> DeviceCatalog.usbHost(name);
      case USB_DISPLAY, USB_CAMERA -> DeviceCatalog.usbLeaf(name);
      case TILER_CLIENT -> DeviceCatalog.tilerClient(name);
      case NIC -> DeviceCatalog.nic(name);
      case LEGACY -> DeviceCatalog.legacy(name);
      case IMPORTER -> DeviceCatalog.importer(name);
      case CPU -> DeviceCatalog.cpu(name);
      case SECURE_DISPLAY -> DeviceCatalog.secureDisplay(name);
      case SECURE_DECODER -> DeviceCatalog.secureDecoder(name);
    };
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
