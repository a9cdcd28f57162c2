package org.bufferyard.simulator.run;

import java.util.function.Consumer;
import org.bufferyard.actors.inspect.Inspection;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.actors.sanitizer.Sampler;
import org.bufferyard.deviceactors.Device;

/** What the director of a run is told. */
final class Direction {
  sealed interface Command {}

  record Observed(YardEvent event) implements Command {}

  record ProgramDone(Program.Done done) implements Command {}

  /** Time to look at the regions. */
  record SampleNow() implements Command {}

  record Sampled(Region.Occupancy occupancy) implements Command {}

  /** Time to see whether everything has been given back. */
  record AuditNow() implements Command {}

  record MigrationBooks(Migration.Books books) implements Command {}

  record IommuBooks(Iommu.Books books) implements Command {}

  record SessionBooks(Session.Books books) implements Command {}

  record DeviceBooks(Device.Books books) implements Command {}

  record SlabBooks(Slab.Books books) implements Command {}

  record SamplerBooks(Sampler.Report report) implements Command {}

  record BufferHistory(Buffer.History history) implements Command {}

  /** Time for a dump; hears of it once. */
  record Inspect(Consumer<Inspection.Report> to) implements Command {}

  /** The run has taken far longer than it may. */
  record TimeIsUp() implements Command {}

  private Direction() {}
}
