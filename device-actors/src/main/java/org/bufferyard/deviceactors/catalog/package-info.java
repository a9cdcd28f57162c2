/**
 * Device kinds and memory regions as real systems have them: the limits of each DMA engine, the
 * memory it reaches and whether an IOMMU or a tiler stands in between. Facts for the placement
 * solver; no actor.
 */
@NullMarked
package org.bufferyard.deviceactors.catalog;

import org.jspecify.annotations.NullMarked;
