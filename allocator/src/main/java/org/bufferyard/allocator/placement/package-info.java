/**
 * Where a buffer may go, given everyone who wants to reach it: constraints of all attachments
 * combined, regions ranked, or a refusal that names the smallest set of devices in conflict, the
 * field, and what single change would allow it. Pure functions over records.
 */
@NullMarked
package org.bufferyard.allocator.placement;

import org.jspecify.annotations.NullMarked;
