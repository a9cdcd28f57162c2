/**
 * A reservation's answers, wherever it lives: its token, explicit fences and polls at one desk,
 * which a buffer keeps for its private one and {@code ReservationActor} for a shared one.
 *
 * <pre>
 *  transaction -- Reserve --&gt; desk -- Token (wait-die) --&gt; Reserved | Refused(EDEADLK, ...)
 *  importer of a fence -- ImportFence --&gt; desk -- Watch --&gt; the desk it was exported from
 *                                         desk &lt;- PointSignalled -
 * </pre>
 */
@NullMarked
package org.bufferyard.actors.reservation;

import org.jspecify.annotations.NullMarked;
