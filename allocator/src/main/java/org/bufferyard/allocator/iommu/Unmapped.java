package org.bufferyard.allocator.iommu;

/**
 * A mapping was removed from the page table. Its pages may be given to another owner once the
 * domain has completed invalidation number {@code invalidation}; in strict mode it has already.
 *
 * @param pages pages that no longer translate
 * @param invalidation compare with {@link IommuDomain#completedInvalidations}
 */
public record Unmapped(long pages, long invalidation) {}
