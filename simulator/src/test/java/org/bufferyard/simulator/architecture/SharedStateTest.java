package org.bufferyard.simulator.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What threads share without a message between them is listed, and the protocol shares nothing. */
class SharedStateTest {
  /**
   * Where threads share state without a message between them, and why. The lock-free part is {@code
   * GateCount} with the gate's list of leases, which {@code GateCountTest} takes through every
   * interleaving; the others are counters and flags that nothing is decided by together.
   */
  private static final Map<String, String> SHARED_BY_THREADS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("actors.lease.GateCount", "leases end on any thread"),
              Map.entry("actors.lease.LeaseClock", "the importer's now, read by who takes leases"),
              Map.entry("actors.lease.LeaseDoor", "which gate is ahead; the gate decides"),
              Map.entry("actors.lease.MappingGate", "leases taken at the gate, a list pushed to"),
              Map.entry("actors.lease.MapTimes", "who listens, changed by anybody"),
              Map.entry("actors.lease.Mapping", "one lease, ended once on any thread"),
              Map.entry("actors.lease.MappingSet", "closed, for the importer to see"),
              Map.entry("actors.lease.TakenSets", "sets taken at the gates, a list pushed to"),
              Map.entry("actors.remote.RemoteMapping", "ended once on any thread"),
              Map.entry("actors.extension.EmbeddedYard", "numbers for names"),
              Map.entry("actors.extension.YardEvents", "counters, read by anybody"),
              Map.entry("actors.streams.Landing", "what a callback leaves for its stage"),
              Map.entry("actors.streams.FileDrain", "bytes written, for the result"),
              Map.entry("allocator.policy.cache.SlotLog", "bytes read eight at a time; not shared"),
              Map.entry("simulator.requests.HitRates", "progress of workers"),
              Map.entry("simulator.run.Simulation", "the end of a run, for its caller")));

  @Test
  void sharedState_anyClass_isListedWithItsReason() {
    List<String> found =
        ArchitectureTest.MAIN.stream()
            .filter(SharedStateTest::sharesWithoutALock)
            .map(type -> type.getName().replace("org.bufferyard.", "").replaceAll("\\$.*", ""))
            .distinct()
            .sorted()
            .toList();
    assertThat(found).containsExactlyElementsOf(SHARED_BY_THREADS.keySet());
  }

  private static boolean sharesWithoutALock(JavaClass type) {
    boolean isVolatile =
        type.getFields().stream()
            .anyMatch(field -> field.getModifiers().contains(JavaModifier.VOLATILE));
    return isVolatile
        || type.getDirectDependenciesFromSelf().stream()
            .map(dependency -> dependency.getTargetClass().getName())
            .anyMatch(
                name ->
                    name.startsWith("java.util.concurrent.atomic.")
                        || name.startsWith("java.util.concurrent.locks.")
                        || name.equals("java.util.concurrent.ArrayBlockingQueue")
                        || name.equals("java.lang.invoke.VarHandle")
                        || name.equals("sun.misc.Unsafe"));
  }

  /** Of the allocator, the buffers, regions, moves and devices: none at all. */
  @Test
  void sharedState_ofTheProtocol_isNone() {
    for (String owner : SHARED_BY_THREADS.keySet()) {
      assertThat(owner)
          .matches(
              "(actors\\.(lease|remote|extension|streams)|allocator\\.policy\\.cache"
                  + "|simulator\\.(requests|run))\\..*");
    }
  }
}
