package org.bufferyard.allocator.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.placement.PlacementChoice;
import org.junit.jupiter.api.Test;

/** What a list of places means for a buffer that lives somewhere, or nowhere. */
class ValidationTest {
  private static final Place VRAM = Place.in(0);
  private static final Place SYSTEM = Place.in(1);

  private static Present at(int region, long pfn, long pages) {
    return new Present(region, Extents.of(pfn, pages), false);
  }

  private static Present stuck(int region) {
    return new Present(region, Extents.of(8, 2), true);
  }

  private static List<String> attempts(Place... places) {
    return Validation.attempts(List.of(places), true).stream()
        .map(
            attempt ->
                attempt.place().region()
                    + (attempt.evicting() ? " evicting" : " free")
                    + (attempt.settled() ? " settled" : ""))
        .toList();
  }

  @Test
  void attempts_twoPasses_desiredInTheFirstFallbackInTheSecond() {
    assertThat(attempts(VRAM, SYSTEM))
        .containsExactly("0 free settled", "1 free", "0 evicting settled", "1 evicting");
    assertThat(attempts(VRAM.desired(), SYSTEM.fallback()))
        .containsExactly("0 free settled", "1 evicting");
    assertThat(attempts(SYSTEM.asTemporary())).containsExactly("1 free", "1 evicting");
  }

  @Test
  void attempts_nobodyMayBeEvicted_firstPassAlone() {
    assertThat(Validation.attempts(List.of(VRAM, SYSTEM.fallback()), false))
        .containsExactly(new Attempt(VRAM, false, true));
  }

  @Test
  void of_satisfied_stays() {
    assertThat(Validation.of(List.of(VRAM), at(0, 8, 2))).isEqualTo(new Verdict.Stays());
    assertThat(Validation.of(List.of(VRAM), stuck(0))).isEqualTo(new Verdict.Stays());
  }

  /** Where a fallback serves, free room elsewhere is tried and nobody is evicted. */
  @Test
  void of_satisfiedByAFallback_triesFreeRoomAndMayStay() {
    assertThat(Validation.of(List.of(VRAM, SYSTEM.fallback()), at(1, 8, 2)))
        .isEqualTo(new Verdict.Moves(List.of(VRAM.desired()), true));
    assertThat(Validation.of(List.of(VRAM, SYSTEM.fallback()), stuck(1)))
        .isEqualTo(new Verdict.Stays());
  }

  @Test
  void of_elsewhere_movesUnlessStuck() {
    assertThat(Validation.of(List.of(VRAM), at(1, 8, 2)))
        .isEqualTo(new Verdict.Moves(List.of(VRAM), false));
    assertThat(Validation.of(List.of(VRAM), Present.nowhere()))
        .isEqualTo(new Verdict.Moves(List.of(VRAM), false));
    assertThat(refused(Validation.of(List.of(VRAM), stuck(1)))).isEqualTo(Errno.EINVAL);
  }

  @Test
  void of_noPlaces_purgesUnlessStuck() {
    assertThat(Validation.of(List.of(), at(1, 8, 2))).isEqualTo(new Verdict.Purges());
    assertThat(refused(Validation.of(List.of(), stuck(1)))).isEqualTo(Errno.EINVAL);
  }

  private static Errno refused(Verdict verdict) {
    return ((Verdict.Refused) verdict).refusal().errno();
  }

  @Test
  void satisfiedBy_shape_everyRunCounts() {
    Extents two = new Extents.Builder().add(8, 2).add(16, 2).build();
    assertThat(VRAM.satisfiedBy(0, two)).isTrue();
    assertThat(VRAM.satisfiedBy(1, two)).isFalse();
    assertThat(VRAM.contiguously().satisfiedBy(0, two)).isFalse();
    assertThat(VRAM.contiguously().satisfiedBy(0, Extents.of(8, 2))).isTrue();
    assertThat(VRAM.within(8, 17).satisfiedBy(0, two)).isTrue();
    assertThat(VRAM.within(9, 17).satisfiedBy(0, two)).isFalse();
    assertThat(VRAM.within(8, 16).satisfiedBy(0, two)).isFalse();
    assertThat(aligned(8).satisfiedBy(0, two)).isTrue();
    assertThat(aligned(16).satisfiedBy(0, two)).isFalse();
    assertThat(VRAM.fromTop().satisfiedBy(0, two)).as("top-down is a preference").isTrue();
  }

  private static Place aligned(long pages) {
    return new Place(0, false, false, pages, 0, Long.MAX_VALUE, Place.Pass.BOTH, false);
  }

  @Test
  void of_choiceOfTheSolver_keepsShapeAndRank() {
    PlacementChoice choice =
        new PlacementChoice(3, "R", true, 8192, 4, 99, PlacementChoice.Rank.FALLBACK, List.of());
    Place place = Place.of(choice);
    assertThat(place).isEqualTo(new Place(3, true, false, 2, 4, 99, Place.Pass.FALLBACK, false));
    assertThat(place.request(5)).isEqualTo(choice.request(5));
    assertThat(place.fromTop().request(5).topDown()).isTrue();
  }

  @Test
  void place_malformed_refused() {
    assertThatThrownBy(() -> Place.in(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> aligned(3)).hasMessageContaining("alignPages=3");
    assertThatThrownBy(() -> VRAM.within(5, 4)).hasMessageContaining("[5, 4]");
  }

  @Test
  void failure_keepsNoSpaceForWhoAsks() {
    Refusal full = new Refusal(Errno.ENOSPC, "full", "more");
    assertThat(Validation.failure(full, true)).isEqualTo(full);
    assertThat(Validation.failure(full, false))
        .isEqualTo(new Refusal(Errno.ENOMEM, "full", "more"));
    Refusal busy = new Refusal(Errno.EBUSY, "busy");
    assertThat(Validation.failure(busy, false)).isEqualTo(busy);
  }

  /** Over every list of up to two places and every present place: the rules of the two passes. */
  @Test
  void of_everySmallCase_obeysTheRules() {
    List<Place> all = new ArrayList<>();
    for (int region = 0; region < 3; region++) {
      all.addAll(
          List.of(Place.in(region), Place.in(region).desired(), Place.in(region).fallback()));
    }
    List<List<Place>> lists = new ArrayList<>(List.of(List.of()));
    for (Place one : all) {
      lists.add(List.of(one));
      all.forEach(other -> lists.add(List.of(one, other)));
    }
    for (List<Place> places : lists) {
      obeys(places, Present.nowhere(), Validation.of(places, Present.nowhere()));
      for (int region = 0; region < 3; region++) {
        for (boolean stuck : new boolean[] {false, true}) {
          Present present = new Present(region, Extents.of(1, 1), stuck);
          obeys(places, present, Validation.of(places, present));
        }
      }
    }
    assertThat(lists).hasSize(91);
  }

  private static void obeys(List<Place> places, Present present, Verdict verdict) {
    boolean wanted = places.stream().anyMatch(place -> place.region() == present.region());
    switch (verdict) {
      case Verdict.Stays stays -> assertThat(wanted).isTrue();
      case Verdict.Purges purges -> assertThat(places).isEmpty();
      case Verdict.Refused refused -> assertThat(present.stuck()).isTrue();
      case Verdict.Moves(var targets, var mayStay) -> {
        assertThat(present.stuck()).isFalse();
        assertThat(mayStay).isEqualTo(wantedAsFallback(places, present));
        assertThat(
                Validation.attempts(targets, true).stream().noneMatch(Attempt::evicting)
                    || !mayStay)
            .as("nobody is evicted for who may stay")
            .isTrue();
      }
    }
  }

  private static boolean wantedAsFallback(List<Place> places, Present present) {
    return places.stream()
        .anyMatch(
            place -> place.region() == present.region() && place.pass() == Place.Pass.FALLBACK);
  }
}
