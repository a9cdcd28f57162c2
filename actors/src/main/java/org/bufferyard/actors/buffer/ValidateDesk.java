package org.bufferyard.actors.buffer;

import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.validate.Place;
import org.bufferyard.allocator.validate.Present;
import org.bufferyard.allocator.validate.Validation;
import org.bufferyard.allocator.validate.Verdict;
import org.jspecify.annotations.Nullable;

/** Brings the placement in line with a list of places, or takes the memory away. */
final class ValidateDesk {
  private final BufferCore core;
  private final PlacementDesk placement;

  /** The request on whose behalf a demand was made last. */
  private Buffer.@Nullable Validate demanded;

  ValidateDesk(BufferCore core, PlacementDesk placement) {
    this.core = core;
    this.placement = placement;
  }

  void validate(Buffer.Validate validate) {
    if (core.holding()) {
      placement.hold(validate);
      return;
    }
    List<Place> places = existing(validate.places());
    if (places.isEmpty() && !validate.places().isEmpty()) {
      Replies.refuse(
          core, validate, Errno.ENOMEM, "none of the regions exists: " + validate.places());
    } else if (validate.equals(demanded)) {
      ended(validate, places);
    } else {
      begin(validate, places);
    }
  }

  private void begin(Buffer.Validate validate, List<Place> places) {
    switch (verdict(places)) {
      case Verdict.Stays stays -> answer(validate, 0);
      case Verdict.Refused(var refusal) -> Replies.refuse(core, validate, refusal);
      case Verdict.Purges purges -> {
        if (core.region == Present.NOWHERE) {
          answer(validate, 0);
        } else {
          demand(validate, places);
        }
      }
      case Verdict.Moves moves -> demand(validate, moves.places());
    }
  }

  private void demand(Buffer.Validate validate, List<Place> places) {
    if (core.region == Present.NOWHERE) {
      core.state = BufferCore.State.ALLOCATING;
    }
    demanded = validate;
    placement.hold(validate);
    placement.demandPlaces(places, false, validate.ticket(), validate.header().client());
  }

  /** Its demand has been answered. */
  private void ended(Buffer.Validate validate, List<Place> places) {
    demanded = null;
    Refusal refusal = core.demandRefusal;
    if (refusal == null) {
      passThrough(places);
      answer(validate, core.movedBytes);
    } else if (verdict(places) instanceof Verdict.Moves moves && moves.mayStay()) {
      answer(validate, 0);
    } else {
      Replies.refuse(core, validate, Validation.failure(refusal, validate.keepNoSpace()));
    }
  }

  /** Who stops over on the way elsewhere is the next to leave. */
  private void passThrough(List<Place> places) {
    boolean temporary =
        places.stream()
            .filter(place -> place.satisfiedBy(core.region, core.extents))
            .findFirst()
            .filter(Place::temporary)
            .isPresent();
    if (temporary) {
      core.hint(Hint.EVICT_FIRST);
    }
  }

  private Verdict verdict(List<Place> places) {
    return Validation.of(places, new Present(core.region, core.extents, core.pinned()));
  }

  private List<Place> existing(List<Place> places) {
    int regions = core.environment().topology().regions().size();
    return places.stream().filter(place -> place.region() < regions).toList();
  }

  private void answer(Buffer.Validate validate, long movedBytes) {
    core.tell(
        validate.replyTo(),
        new Buffer.Validated(
            validate.header().requestId(), core.id, core.generation, core.region, movedBytes));
  }
}
