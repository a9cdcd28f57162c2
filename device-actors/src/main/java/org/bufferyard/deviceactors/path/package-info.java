/**
 * The ways of devices to memory other than a shared IOMMU or straight: a bounce pool, a tiler, a
 * CPU copy, and the hooks that a device model puts around mapping. One actor owns the ways of one
 * kind, and is told what an IOMMU is told; importers and buffers do not know the difference.
 *
 * <pre>
 *  buffer --Map(extents)--> PathActor --hooks--> DmaModel: slots, views, shadows
 *  device --Dma(job)------> PathActor ---------> copy in, run through the translation, copy out
 * </pre>
 */
@NullMarked
package org.bufferyard.deviceactors.path;

import org.jspecify.annotations.NullMarked;
