package org.bufferyard.simulator.scenario;

/**
 * Bounds of the run; PROTOCOL.md says what happens at each.
 *
 * @param maxMovesInFlight moves that the migration actor runs at once
 * @param moveFences moves out of a region whose room is given out before their copy is done
 * @param roomWaitNanos a demand for room that everybody busy stands in the way of is refused
 * @param requestDeadlineNanos a held request is answered ETIMEDOUT
 * @param invalidateReportNanos an importer that still maps is reported
 * @param invalidateDeadlineNanos its mapping is torn down
 */
public record Limits(
    int maxMovesInFlight,
    int moveFences,
    long roomWaitNanos,
    long requestDeadlineNanos,
    long invalidateReportNanos,
    long invalidateDeadlineNanos) {}
