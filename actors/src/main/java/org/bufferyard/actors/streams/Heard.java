package org.bufferyard.actors.streams;

import akka.stream.stage.AsyncCallback;
import java.util.List;
import org.bufferyard.actors.lease.Answer;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/** The answer to one batch of maps: all of them, or why none. */
record Heard(List<Mapping> mappings, @Nullable Refusal refusal) {
  void dispose() {
    mappings.forEach(Mapping::close);
  }

  /** Lands at the stage, or is closed at once if that has stopped. */
  record Reply(String place, Landing<Heard> landing, @Nullable AsyncCallback<Integer> heard)
      implements Answer<List<Mapping>> {
    @Override
    public void done(List<Mapping> mappings) {
      land(new Heard(mappings, null));
    }

    @Override
    public void refused(Refusal refusal) {
      land(new Heard(List.of(), refusal));
    }

    private void land(Heard answer) {
      if (landing.land(answer) && heard != null) {
        heard.invoke(0);
      }
    }
  }
}
