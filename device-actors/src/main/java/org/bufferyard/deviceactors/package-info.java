/** The device-actors module. */
@NullMarked
package org.bufferyard.deviceactors;

import org.jspecify.annotations.NullMarked;
