/**
 * Devices as actors: they attach, map, wait for fences, run jobs through their own translation, and
 * answer invalidates.
 */
@NullMarked
package org.bufferyard.deviceactors;

import org.jspecify.annotations.NullMarked;
