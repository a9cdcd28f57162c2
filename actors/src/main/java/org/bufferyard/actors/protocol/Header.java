package org.bufferyard.actors.protocol;

/**
 * What every request carries first.
 *
 * @param requestId unique within the client's epoch; its reply carries it back, exactly once
 * @param epoch the client's incarnation; a request of an older one is answered ESTALE
 * @param handle where the authority lies
 */
public record Header(long requestId, ClientId client, long epoch, Handle handle) {}
