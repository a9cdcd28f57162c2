package org.bufferyard.actors.extension;

import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.environment.Randomness;

/**
 * What an embedded yard takes from the machine it runs on: the one place in the actors where a
 * clock is read and where randomness that nobody can guess comes from.
 */
record Host(ModelClock clock, Randomness randomness) {
  static Host real() {
    SecureRandom random = new SecureRandom();
    return new Host(ModelClock.scaled(System::nanoTime, 1), name -> random);
  }

  /** Of the machine, or of the container it is. */
  static long memoryBytes() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean machine
        ? machine.getTotalMemorySize()
        : Long.MAX_VALUE;
  }
}
