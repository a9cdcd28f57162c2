/**
 * The tiler: an aperture that shows pages as two-dimensional views. A device behind it sees device
 * addresses and strides; a segment of a view carries no page frame number, and nothing here turns a
 * segment into one. Others get the pages themselves, or a shadow.
 */
@NullMarked
package org.bufferyard.allocator.tiler;

import org.jspecify.annotations.NullMarked;
