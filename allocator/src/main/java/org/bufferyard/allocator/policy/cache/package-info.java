/** Replacement policies of the caching literature, to the letter of one named variant each. */
@NullMarked
package org.bufferyard.allocator.policy.cache;

import org.jspecify.annotations.NullMarked;
