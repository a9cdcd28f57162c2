package org.bufferyard.deviceactors.path;

import org.bufferyard.allocator.placement.DmaPath;
import org.bufferyard.allocator.tiler.TilerFormat;

/**
 * One device's way to memory through this package.
 *
 * @param device its name
 * @param path which way
 * @param hook what its model does around mapping
 * @param mappingBytesMax a longer mapping is rejected by its model; {@link #NO_LIMIT} for none
 * @param addressBits of its domain, for {@link DmaPath#IOMMU}
 * @param view of its images, for {@link DmaPath#TILER}
 * @param stagingPfn first frame of its staging memory, where it or its hook copies
 * @param stagingPages of it
 */
public record PathSpec(
    String device,
    DmaPath path,
    HookKind hook,
    long mappingBytesMax,
    int addressBits,
    ImageView view,
    long stagingPfn,
    long stagingPages) {
  public static final long NO_LIMIT = Long.MAX_VALUE;

  /** A row of {@code columns} slots of {@code format}. */
  public record ImageView(TilerFormat format, int columns) {
    /** 1,280 pixels of one byte. */
    public static final ImageView HD = new ImageView(TilerFormat.BITS_8, 20);
  }

  /** The plain way, without hooks or limits. */
  public static PathSpec of(String device, DmaPath path) {
    return new PathSpec(device, path, HookKind.NONE, NO_LIMIT, 48, ImageView.HD, 0, 0);
  }

  public PathSpec withHook(HookKind kind) {
    return new PathSpec(
        device, path, kind, mappingBytesMax, addressBits, view, stagingPfn, stagingPages);
  }

  public PathSpec withMappingBytesMax(long bytes) {
    return new PathSpec(device, path, hook, bytes, addressBits, view, stagingPfn, stagingPages);
  }

  public PathSpec withAddressBits(int bits) {
    return new PathSpec(device, path, hook, mappingBytesMax, bits, view, stagingPfn, stagingPages);
  }

  public PathSpec withView(ImageView image) {
    return new PathSpec(
        device, path, hook, mappingBytesMax, addressBits, image, stagingPfn, stagingPages);
  }

  public PathSpec withStaging(long pfn, long pages) {
    return new PathSpec(device, path, hook, mappingBytesMax, addressBits, view, pfn, pages);
  }

  /** It works on a copy in staging memory. */
  public boolean needsStaging() {
    return path == DmaPath.CPU || hook.copies();
  }

  /** A plain IOMMU or direct way needs no actor of this package. */
  public boolean plain() {
    return (path == DmaPath.IOMMU || path == DmaPath.DIRECT)
        && hook == HookKind.NONE
        && mappingBytesMax == NO_LIMIT;
  }
}
