/** One actor per IOMMU: its domains, and DMA through them. */
@NullMarked
package org.bufferyard.actors.iommu;

import org.jspecify.annotations.NullMarked;
