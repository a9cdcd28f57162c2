/**
 * How graphics memory managers choose: the policies of TTM, xe, WDDM, UVM, DXVK and MGLRU as their
 * sources and documents describe them, and a score-based one. Constants are theirs unless their
 * Javadoc says otherwise.
 */
@NullMarked
package org.bufferyard.allocator.policy.graphics;

import org.jspecify.annotations.NullMarked;
