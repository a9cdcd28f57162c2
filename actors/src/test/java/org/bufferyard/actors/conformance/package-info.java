/** The kernel's own tests of fences and reservations, restated; the tables name each case. */
@NullMarked
package org.bufferyard.actors.conformance;

import org.jspecify.annotations.NullMarked;
