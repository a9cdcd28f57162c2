/**
 * Who waits for whom, over tokens, fences and messages: collected from all owners at any time, and
 * searched for a cycle. The graph is plain data; the actors only collect it.
 */
@NullMarked
package org.bufferyard.actors.waits;

import org.jspecify.annotations.NullMarked;
