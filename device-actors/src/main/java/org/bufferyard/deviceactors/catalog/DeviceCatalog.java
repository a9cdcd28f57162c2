package org.bufferyard.deviceactors.catalog;

import static org.bufferyard.deviceactors.catalog.RegionCatalog.CMA;
import static org.bufferyard.deviceactors.catalog.RegionCatalog.GTT;
import static org.bufferyard.deviceactors.catalog.RegionCatalog.PROTECTED;
import static org.bufferyard.deviceactors.catalog.RegionCatalog.SYSTEM;
import static org.bufferyard.deviceactors.catalog.RegionCatalog.TILER;
import static org.bufferyard.deviceactors.catalog.RegionCatalog.VRAM;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.DmaPath;
import org.bufferyard.allocator.placement.Reach;

/**
 * What devices demand of memory, by kind, over the regions of {@link RegionCatalog}. Each limit is
 * that of a driver in the kernel or of a bus standard, named beside it. Weights of paths are GiB/s
 * in round numbers, larger where a copy of the data would be slower to avoid; only their order
 * matters.
 */
public final class DeviceCatalog {
  /** The name that USB devices point to when they are asked to do DMA. */
  static final String USB_HOST = "usb-host";

  private static final DmaConstraints UNLIMITED = DmaConstraints.UNLIMITED;

  /**
   * A discrete GPU with page tables of its own. amdgpu sets a DMA mask of 44 bits ({@code gmc_v10})
   * and segments of up to {@code UINT_MAX} ({@code amdgpu_ttm_init}).
   */
  public static DeviceDemand gpu(String name) {
    return DeviceDemand.iommu(
        name,
        UNLIMITED.withDmaMask(DmaConstraints.maskOfBits(44)),
        new Reach(VRAM, 400),
        new Reach(GTT, 12),
        new Reach(SYSTEM, 10),
        new Reach(CMA, 10));
  }

  /**
   * The display engine of a discrete GPU. It cannot wait for the bus at every line, so it scans out
   * of VRAM alone, as amdgpu allows for boards that have some ({@code
   * amdgpu_display_supported_domains}); addresses are the GPU's own.
   */
  public static DeviceDemand scanout(String name) {
    return DeviceDemand.iommu(
        name, UNLIMITED.withDmaMask(DmaConstraints.maskOfBits(44)), new Reach(VRAM, 400));
  }

  /**
   * A display controller without IOMMU: one address register per plane, so one segment, of 32 bits.
   * Drivers on {@code drm_gem_dma_helper} refuse an import that is not contiguous with EINVAL.
   */
  public static DeviceDemand display(String name) {
    return DeviceDemand.direct(
        name,
        UNLIMITED.withMaxSegments(1).withDmaMask(DmaConstraints.maskOfBits(32)),
        new Reach(CMA, 6),
        new Reach(SYSTEM, 6),
        new Reach(TILER, 4));
  }

  /** The same controller behind an IOMMU, which makes any pages one range for it. */
  public static DeviceDemand displayIommu(String name) {
    return display(name).withTranslation(DmaPath.IOMMU);
  }

  /**
   * A camera that gathers pages by itself: Intel's CIO2 (driver {@code ipu3-cio2}) has a mask of 39
   * bits and describes a buffer by 8 lists of 1,024 page addresses, so segments are pages and 32
   * MiB are the most it takes.
   */
  public static DeviceDemand camera(String name) {
    return DeviceDemand.direct(
        name,
        UNLIMITED
            .withDmaMask(DmaConstraints.maskOfBits(39))
            .withMaxSegmentBytes(Pages.SIZE_BYTES)
            .withMaxSegments(8 * 1024),
        new Reach(SYSTEM, 2),
        new Reach(CMA, 2),
        new Reach(TILER, 1));
  }

  /**
   * A video encoder behind an IOMMU. MediaTek's codecs sit behind its M4U and set a mask of 34 bits
   * ({@code mtk-vcodec}); each plane is one register, so one segment of I/O addresses. Alignment
   * and boundary are those of {@link #decoder}.
   */
  public static DeviceDemand encoder(String name) {
    return DeviceDemand.iommu(
        name,
        UNLIMITED
            .withMaxSegments(1)
            .withDmaMask(DmaConstraints.maskOfBits(34))
            .withAlignBytes(4L * Pages.SIZE_BYTES)
            .withBoundaryMask((256L << 20) - 1),
        new Reach(SYSTEM, 4),
        new Reach(CMA, 4));
  }

  /**
   * A video decoder behind an IOMMU, of the sort that addresses picture memory by a bank's base and
   * an offset: addresses on 4 pages, and nothing across 256 MiB. 32 bits, as Rockchip's and
   * Allwinner's have.
   */
  public static DeviceDemand decoder(String name) {
    return DeviceDemand.iommu(
        name,
        UNLIMITED
            .withDmaMask(DmaConstraints.maskOfBits(32))
            .withAlignBytes(4L * Pages.SIZE_BYTES)
            .withBoundaryMask((256L << 20) - 1),
        new Reach(SYSTEM, 4),
        new Reach(CMA, 4));
  }

  /**
   * A camera receiver with one address register of 32 bits per plane and no IOMMU, as drivers on
   * {@code videobuf2-dma-contig} have, for example {@code sun6i-csi}.
   */
  public static DeviceDemand csiCamera(String name) {
    return DeviceDemand.direct(
        name,
        UNLIMITED.withMaxSegments(1).withDmaMask(DmaConstraints.maskOfBits(32)),
        new Reach(CMA, 2),
        new Reach(SYSTEM, 2),
        new Reach(TILER, 1));
  }

  /**
   * An image signal processor behind an IOMMU: 32 bits and one register per plane, as Rockchip's
   * ({@code rkisp1}).
   */
  public static DeviceDemand isp(String name) {
    return DeviceDemand.iommu(
        name,
        UNLIMITED.withMaxSegments(1).withDmaMask(DmaConstraints.maskOfBits(32)),
        new Reach(SYSTEM, 4),
        new Reach(CMA, 4),
        new Reach(TILER, 2));
  }

  /** An integrated GPU: i915 addresses 39 bits since Gen8, and has no memory of its own. */
  public static DeviceDemand integratedGpu(String name) {
    return DeviceDemand.iommu(
        name,
        UNLIMITED.withDmaMask(DmaConstraints.maskOfBits(39)),
        new Reach(SYSTEM, 20),
        new Reach(CMA, 20),
        new Reach(TILER, 10));
  }

  /**
   * A storage controller behind an IOMMU: NVMe addresses 64 bits in pages, 128 segments a command.
   */
  public static DeviceDemand nvme(String name) {
    return DeviceDemand.iommu(
        name, UNLIMITED.withMaxSegments(128), new Reach(SYSTEM, 6), new Reach(CMA, 6));
  }

  /**
   * A USB host controller behind an IOMMU. xHCI addresses 64 bits, and the buffer of one transfer
   * request block neither crosses a multiple of 64 KiB nor is longer ({@code TRB_MAX_BUFF_SHIFT}).
   */
  public static DeviceDemand usbHost(String name) {
    return DeviceDemand.iommu(
        name,
        UNLIMITED.withMaxSegmentBytes(1 << 16).withBoundaryMask((1 << 16) - 1),
        new Reach(SYSTEM, 1),
        new Reach(CMA, 1));
  }

  /**
   * A display or a camera on USB: it does no DMA, its host controller does. Kernel drivers attach
   * the controller in its place ({@code usb_intf_get_dma_device}, as in {@code udl}).
   */
  public static DeviceDemand usbLeaf(String name) {
    return DeviceDemand.direct(name, UNLIMITED).withDmaAncestor(USB_HOST);
  }

  /**
   * A master in front of which the tiler sits, as OMAP's video accelerator behind the DMM: it
   * reaches 2-D views in the container, and any pages through the DMM's own address translation.
   */
  public static DeviceDemand tilerClient(String name) {
    return DeviceDemand.direct(
            name,
            UNLIMITED.withDmaMask(DmaConstraints.maskOfBits(32)),
            new Reach(TILER, 8),
            new Reach(SYSTEM, 3),
            new Reach(CMA, 3))
        .withTranslation(DmaPath.TILER);
  }

  /** A display controller behind the tiler, as OMAP's DSS behind the DMM. */
  public static DeviceDemand tilerDisplay(String name) {
    return tilerClient(name);
  }

  /**
   * A network card that does remote DMA and reaches the memory of its peers. mlx5 addresses 64 bits
   * in segments of up to 2 GiB ({@code mlx5_core}).
   */
  public static DeviceDemand nic(String name) {
    return DeviceDemand.iommu(
        name,
        UNLIMITED.withMaxSegmentBytes(1L << 31),
        new Reach(SYSTEM, 10),
        new Reach(CMA, 10),
        new Reach(VRAM, 8));
  }

  /**
   * A PCI device of 30 address bits without IOMMU: early Broadcom wireless ({@code B43_DMA_30BIT}).
   * Where it cannot reach the memory it is served from the bounce pool, as {@code swiotlb} does.
   */
  public static DeviceDemand legacy(String name) {
    return DeviceDemand.direct(
            name,
            UNLIMITED.withDmaMask(DmaConstraints.maskOfBits(30)),
            new Reach(SYSTEM, 1),
            new Reach(CMA, 1))
        .withCopyPath(DmaPath.BOUNCE);
  }

  /**
   * A device on the ISA bus: 24 address bits, no transfer across a multiple of 64 KiB nor longer,
   * as the bus's DMA controller has it. It reaches ordinary memory through the bounce pool.
   */
  public static DeviceDemand isa(String name) {
    return DeviceDemand.direct(
            name,
            UNLIMITED
                .withDmaMask(DmaConstraints.maskOfBits(24))
                .withMaxSegmentBytes(1 << 16)
                .withBoundaryMask((1 << 16) - 1),
            new Reach(SYSTEM, 1),
            new Reach(CMA, 1))
        .withCopyPath(DmaPath.BOUNCE);
  }

  /** Any DMA engine behind an IOMMU, with the limits that the DMA core assumes: 64 KiB, 4 GiB. */
  public static DeviceDemand importer(String name) {
    return DeviceDemand.iommu(
        name,
        UNLIMITED.withMaxSegmentBytes(1 << 16).withBoundaryMask(DmaConstraints.UINT_MAX),
        new Reach(SYSTEM, 1),
        new Reach(CMA, 1));
  }

  /** A program that maps the buffer: no DMA and no demand, the CPU copies. */
  public static DeviceDemand cpu(String name) {
    return DeviceDemand.direct(name, UNLIMITED).withCopyPath(DmaPath.CPU);
  }

  /**
   * A display controller of the trusted world: as {@link #displayIommu}, for protected contents.
   */
  public static DeviceDemand secureDisplay(String name) {
    return DeviceDemand.iommu(
            name,
            UNLIMITED.withMaxSegments(1).withDmaMask(DmaConstraints.maskOfBits(32)),
            new Reach(PROTECTED, 6))
        .withSecure(true);
  }

  /** A video decoder of the trusted world, which writes what {@link #secureDisplay} shows. */
  public static DeviceDemand secureDecoder(String name) {
    return DeviceDemand.iommu(
            name,
            UNLIMITED.withMaxSegments(1).withDmaMask(DmaConstraints.maskOfBits(34)),
            new Reach(PROTECTED, 4))
        .withSecure(true);
  }

  private DeviceCatalog() {}
}
