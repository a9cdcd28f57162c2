package org.bufferyard.allocator.tiler;

/**
 * A reserved part of the container, and the handle to free it by. Immutable.
 *
 * @param format the view it is reserved for
 * @param slotX its left column; for page mode, of its first slot
 * @param slotY its upper row; for page mode, of its first slot
 * @param widthSlots columns; for page mode, slots in all
 * @param heightSlots rows; for page mode, 1
 * @param widthPixels pixels a line; for page mode, bytes
 * @param heightPixels lines; for page mode, 1
 */
public record TilerBlock(
    TilerFormat format,
    int slotX,
    int slotY,
    int widthSlots,
    int heightSlots,
    int widthPixels,
    int heightPixels) {

  /** Pages that back it. */
  public int slots() {
    return widthSlots * heightSlots;
  }
}
