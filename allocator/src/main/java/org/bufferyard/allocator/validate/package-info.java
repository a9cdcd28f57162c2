/**
 * What it takes to make a buffer's placement satisfy a list of places: nothing, a purge, or an
 * ordered list of attempts, first without evicting anybody, then with. Pure; running the attempts
 * is migration's protocol. Model of {@code ttm_bo_validate}, {@code drivers/gpu/drm/ttm/ttm_bo.c}.
 */
@NullMarked
package org.bufferyard.allocator.validate;

import org.jspecify.annotations.NullMarked;
