package org.bufferyard.simulator.run;

import java.util.List;

/**
 * What a run left behind: the last audit, the programs' reports and the record.
 *
 * @param endNanos model time
 */
record Ending(Audit audit, List<Program.Done> programs, Recorder recorder, long endNanos) {}
