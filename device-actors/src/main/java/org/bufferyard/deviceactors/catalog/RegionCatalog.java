package org.bufferyard.deviceactors.catalog;

import java.util.List;
import org.bufferyard.actors.environment.HeapKind;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.placement.RegionFacts;

/**
 * The memory of a model machine: a system on a chip with a discrete GPU, so that every kind of
 * region occurs. Regions lie where a real one has them: below 1 GiB what must be reached with few
 * address bits, RAM from 2 GiB, the GPU's memory far above.
 */
public final class RegionCatalog {
  /** Memory of the discrete GPU, behind its PCI aperture; reached by peers that can do so. */
  public static final String VRAM = "VRAM";

  /** Pages of SYSTEM that the GPU's own page table makes reachable for it. */
  public static final String GTT = "GTT";

  /** Ordinary RAM. Other users hold pages all over it, so it gives no long runs. */
  public static final String SYSTEM = "SYSTEM";

  /** The contiguous memory allocator's area: RAM kept free, or movable, for long runs. */
  public static final String CMA = "CMA";

  /** The tiler's container; linear views of it are contiguous at addresses of its aperture. */
  public static final String TILER = "TILER";

  /** A carve-out that only trusted devices reach, for protected contents. */
  public static final String PROTECTED = "PROTECTED";

  private static final long MIB_PAGES = (1 << 20) / Pages.SIZE_BYTES;
  private static final long GIB_PAGES = 1024 * MIB_PAGES;

  /** 256 MiB, as a device tree's {@code linux,cma} node of a camera phone asks for. */
  private static final long CMA_PAGES = 256 * MIB_PAGES;

  /** OMAP's DMM decodes 128 MiB for each view of its container, from 0x60000000. */
  private static final long TILER_PAGES = 128 * MIB_PAGES;

  private static final long TILER_PFN = 0x6000_0000L >>> Pages.SHIFT;

  /** All regions, the nearest to a GPU first. */
  public static List<RegionFacts> regions() {
    return List.of(
        RegionFacts.of(VRAM, 256 * GIB_PAGES, 8 * GIB_PAGES),
        RegionFacts.of(GTT, 2 * GIB_PAGES, 2 * GIB_PAGES).withContiguous(false),
        RegionFacts.of(SYSTEM, 2 * GIB_PAGES, 4 * GIB_PAGES).withContiguous(false),
        RegionFacts.of(CMA, 256 * MIB_PAGES, CMA_PAGES),
        RegionFacts.of(TILER, TILER_PFN, TILER_PAGES),
        RegionFacts.of(PROTECTED, 768 * MIB_PAGES, 64 * MIB_PAGES).withSecure(true));
  }

  /** The names of the regions that are heaps of a kind; a window is no heap. */
  public static List<String> ofHeap(HeapKind heap) {
    return switch (heap) {
      case SYSTEM -> List.of(SYSTEM);
      case CONTIGUOUS -> List.of(CMA);
      case CARVE_OUT -> List.of(PROTECTED);
      case TILER -> List.of(TILER);
      case VRAM -> List.of(VRAM);
    };
  }

  private RegionCatalog() {}
}
