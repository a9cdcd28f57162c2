/**
 * Four camera streams, an effect and an encoder that share frames by handle: the tutorial's code.
 */
@NullMarked
package org.bufferyard.examples.videowall;

import org.jspecify.annotations.NullMarked;
