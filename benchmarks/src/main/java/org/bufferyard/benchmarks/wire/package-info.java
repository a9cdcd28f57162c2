/**
 * What a message between two processes costs: Bufferyard's frames beside Jackson CBOR, on the same
 * messages, in one run; by themselves and over Artery.
 */
@NullMarked
package org.bufferyard.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
