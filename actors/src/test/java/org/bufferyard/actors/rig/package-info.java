/** What the tests of several packages stand on. */
@NullMarked
package org.bufferyard.actors.rig;

import org.jspecify.annotations.NullMarked;
