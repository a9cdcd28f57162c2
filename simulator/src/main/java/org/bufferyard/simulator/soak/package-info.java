/**
 * Thousands of small random worlds, and what becomes of one that fails: a tape that replays it,
 * made as short as it will go.
 *
 * <pre>
 * seed -> Swarm -> World + script -> run.Trial -> clean
 *                                        `-----> Tape -> Shrinker -> Tape -> Chart
 * </pre>
 */
@NullMarked
package org.bufferyard.simulator.soak;

import org.jspecify.annotations.NullMarked;
