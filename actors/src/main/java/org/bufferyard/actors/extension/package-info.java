/** Bufferyard as an Akka extension: yards by name, their configuration, their life and end. */
@NullMarked
package org.bufferyard.actors.extension;

import org.jspecify.annotations.NullMarked;
