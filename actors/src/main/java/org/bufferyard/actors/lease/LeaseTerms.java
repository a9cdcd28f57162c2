package org.bufferyard.actors.lease;

/**
 * On what terms a mapping is asked for.
 *
 * @param leaseNanos it is reclaimed if it is open longer
 * @param patient where memory is short the request waits, however long; otherwise it is refused
 *     when the yard's {@code room-wait} is over
 */
public record LeaseTerms(long leaseNanos, boolean patient) {}
