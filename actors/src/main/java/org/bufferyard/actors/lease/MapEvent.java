package org.bufferyard.actors.lease;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * In a flight recording: an importer got a mapping from a buffer, and how long that took. A lease
 * of a cached mapping is none of these: there are millions.
 */
@Name("org.bufferyard.Map")
@Label("Buffer mapped")
@Category("Bufferyard")
@StackTrace(false)
final class MapEvent extends Event {
  @Label("Importer")
  String importer = "";

  @Label("Buffer")
  long buffer;

  @Label("Generation")
  long generation;

  @Label("Segments")
  int segments;
}
