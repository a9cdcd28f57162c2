package org.bufferyard.testkit;

/**
 * An exception that no supervision inside the actor handled: the actor is stopped by it.
 *
 * @param where the actor's path, or the class of the callback that threw
 * @param atNanos virtual time
 */
public record Failure(String where, Throwable cause, long atNanos) {}
