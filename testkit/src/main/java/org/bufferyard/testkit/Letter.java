package org.bufferyard.testkit;

/**
 * A message that nobody handled.
 *
 * @param recipient the path of the actor it was for
 * @param atNanos virtual time at which it was given up
 */
public record Letter(Object message, String recipient, long atNanos) {}
