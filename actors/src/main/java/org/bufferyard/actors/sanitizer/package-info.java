/**
 * The DMA sanitizer: a second account of every page, mapping, fence and pin, kept from the messages
 * and memory accesses of a deterministic run alone, and compared with what the yard does.
 *
 * <pre>
 * testkit Observer --(handled, sent)--> Sanitizer --> ShadowBuffer, MappingRecord --> Finding
 * MemoryWatch -----(touched, copied)--> Sanitizer --> ShadowPages ------------------> Finding
 * </pre>
 */
@NullMarked
package org.bufferyard.actors.sanitizer;

import org.jspecify.annotations.NullMarked;
