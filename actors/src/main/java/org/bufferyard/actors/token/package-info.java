/**
 * Who may change a reservation, and in which order who gets it: wait-die tokens, and transactions
 * over many of them. Pure: no Akka, clock or thread. Model of {@code ww_mutex} and {@code
 * drm_exec}.
 */
@NullMarked
package org.bufferyard.actors.token;

import org.jspecify.annotations.NullMarked;
