/**
 * The model of an IOMMU: address-space allocation, page tables, translation cache, invalidation and
 * fault records of one domain. Everything here is single-owner; nothing is thread-safe.
 */
@NullMarked
package org.bufferyard.allocator.iommu;

import org.jspecify.annotations.NullMarked;
