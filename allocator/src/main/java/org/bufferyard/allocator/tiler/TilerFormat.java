package org.bufferyard.allocator.tiler;

import java.util.List;

/**
 * How a view of the container lays out pixels. Every slot is one page; a view's width is 256 slots
 * and its height 128, so that each view is a window of 128 MiB. Model of the formats of OMAP's
 * Dynamic Memory Manager.
 */
public enum TilerFormat {
  /** One byte a pixel, slots of 64 x 64, stride 16 KiB. */
  BITS_8(0, 64, 64, 1),
  /** Two bytes a pixel, slots of 64 x 32, stride 32 KiB. */
  BITS_16(1, 64, 32, 2),
  /** Four bytes a pixel, slots of 32 x 32, stride 32 KiB. */
  BITS_32(2, 32, 32, 4),
  /** No pixels: a slot is a page, and a block a linear run of them. */
  PAGE(3, 4096, 1, 1);

  private static final List<TilerFormat> BY_WINDOW = List.of(BITS_8, BITS_16, BITS_32, PAGE);

  /** Number of views. */
  static final int WINDOWS = 4;

  private final int window;
  private final int slotWidth;
  private final int slotHeight;
  private final int pixelBytes;

  TilerFormat(int window, int slotWidth, int slotHeight, int pixelBytes) {
    this.window = window;
    this.slotWidth = slotWidth;
    this.slotHeight = slotHeight;
    this.pixelBytes = pixelBytes;
  }

  static TilerFormat ofWindow(int window) {
    return BY_WINDOW.get(window);
  }

  /** Which window of the aperture shows this view. */
  int window() {
    return window;
  }

  /** Pixels in a slot's line. */
  public int slotWidth() {
    return slotWidth;
  }

  /** Lines in a slot. */
  public int slotHeight() {
    return slotHeight;
  }

  public int pixelBytes() {
    return pixelBytes;
  }

  /** Bytes from one line of the view to the next: 16 KiB, 32 KiB, or a row of pages. */
  public int strideBytes() {
    return TilerContainer.WIDTH_SLOTS * slotWidth * pixelBytes;
  }

  /** Two-dimensional, as opposed to page mode. */
  public boolean tiled() {
    return this != PAGE;
  }
}
