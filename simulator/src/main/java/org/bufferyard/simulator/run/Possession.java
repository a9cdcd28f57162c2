package org.bufferyard.simulator.run;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import org.bufferyard.actors.protocol.Session.Grant;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Step;
import org.jspecify.annotations.Nullable;

/** A program's knowledge of one buffer of its workload. Owned by the program. */
final class Possession {
  final int key;

  /** Null until the export has been answered or the import has come. */
  @Nullable Grant grant;

  boolean exporter;
  boolean refused;
  Action.@Nullable Export export;

  /** Steps that need the grant, in order. */
  final ArrayDeque<Step> parked = new ArrayDeque<>(0);

  /** Devices that used it for this client. */
  final Set<String> devices = new LinkedHashSet<>(2);

  /** Devices whose pin was refused. */
  final Set<String> unpinned = new LinkedHashSet<>(0);

  /** Jobs and CPU accesses under way. */
  int busy;

  boolean everUsed;
  boolean releaseWanted;
  boolean released;

  Possession(int key) {
    this.key = key;
  }

  boolean held() {
    return grant != null && !released;
  }

  /** By this client, or perhaps by those it shares it with. */
  boolean wasUsed() {
    return everUsed || (export != null && !export.sharedWith().isEmpty());
  }
}
