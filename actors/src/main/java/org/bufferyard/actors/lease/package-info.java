/**
 * Shared memory for an application's own actors and streams: an importer whose mappings are leases.
 * The importer attaches buffers, caches their mappings by generation and hands out leases of them;
 * a lease opens into {@link java.lang.foreign.MemorySegment}s, which die with it.
 *
 * <pre>
 *  application        importer              buffer
 *      | Map              |                    |
 *      |-----------------&gt;| Map (first time)   |
 *      |                  |-------------------&gt;|
 *      |&lt;-- Mapped(lease) |&lt;------ Mapped(g) --|
 *      |  close()         |                    |   no message: a count in the mapping's gate
 *      |                  |&lt;-- Invalidate(g) --|   somebody else needs the room
 *      | Map              |                    |
 *      |-----------------&gt;|  waits             |
 *      |   last lease of g closes              |
 *      |  ~~~~~~~~~~~~~~~&gt;| Unmap(g), Map      |
 *      |                  |-------------------&gt;|
 * </pre>
 */
@NullMarked
package org.bufferyard.actors.lease;

import org.jspecify.annotations.NullMarked;
