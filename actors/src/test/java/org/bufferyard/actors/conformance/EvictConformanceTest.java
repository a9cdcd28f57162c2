package org.bufferyard.actors.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.rig.TtmYard.MANAGER_PAGES;
import static org.bufferyard.actors.rig.TtmYard.P;
import static org.bufferyard.actors.rig.TtmYard.SYSTEM;
import static org.bufferyard.actors.rig.TtmYard.VRAM;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.rig.TtmYard;
import org.bufferyard.actors.rig.TtmYard.Bo;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.validate.Place;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code i915_gem_evict} self-tests, on VRAM's frames in place of an address space. */
class EvictConformanceTest {
  private static final long EIGHTH = MANAGER_PAGES / 8 * P;

  private final TtmYard yard = new TtmYard();
  private final long firstPfn = TtmYard.topology().region(VRAM).basePfn();

  @AfterEach
  void close() {
    yard.close();
  }

  private List<Bo> fill() {
    List<Bo> bos = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      bos.add(yard.in(VRAM, EIGHTH));
    }
    return bos;
  }

  private Errno refusal(Bo bo, Place place) {
    yard.ask(bo, Ticket.OLDEST, true, place);
    return yard.await(Buffer.ValidateRefused.class).refusal().errno();
  }

  /** Where the bos are that have left. */
  private List<Bo> left(List<Bo> bos) {
    return bos.stream().filter(bo -> yard.regionOf(bo) != VRAM).toList();
  }

  @Test
  void EVI01_evict_something() {
    List<Bo> bos = fill();
    List<Integer> pins = bos.stream().map(yard::pin).toList();
    Bo newcomer = yard.create(P);
    assertThat(refusal(newcomer, Place.in(VRAM))).isEqualTo(Errno.ENOSPC);
    yard.unpin(bos.get(3), pins.get(3));
    assertThat(yard.validated(newcomer, Place.in(VRAM)).region()).isEqualTo(VRAM);
    assertThat(left(bos)).containsExactly(bos.get(3));
  }

  @Test
  void EVI02_overcommit() {
    fill().forEach(yard::pin);
    assertThat(refusal(yard.create(P), Place.in(VRAM))).isEqualTo(Errno.ENOSPC);
    assertThat(yard.usage(VRAM)).isEqualTo(MANAGER_PAGES * P);
  }

  @Test
  void EVI03_evict_for_vma() {
    List<Bo> bos = fill();
    Bo first = at(bos, 0);
    int pin = yard.pin(first);
    Place frame = Place.in(VRAM).within(firstPfn, firstPfn);
    Bo newcomer = yard.create(P);
    assertThat(refusal(newcomer, frame)).isEqualTo(Errno.ENOSPC);
    assertThat(left(bos)).isEmpty();
    yard.unpin(first, pin);
    yard.validated(newcomer, frame);
    assertThat(left(bos)).containsExactly(first);
  }

  /** The buffer on the {@code eighth} of the frames: the one that a demand for them evicts. */
  private Bo at(List<Bo> bos, int eighth) {
    long pfn = firstPfn + eighth * (MANAGER_PAGES / 8);
    return bos.stream().filter(bo -> yard.info(bo).firstPfn() == pfn).findFirst().orElseThrow();
  }

  /** In place of a colour, a range: only who lies in it is evicted, pinned there it is no use. */
  @Test
  void EVI04_evict_for_cache_color() {
    List<Bo> bos = fill();
    Bo wanted = at(bos, 5);
    Bo beside = at(bos, 6);
    long from = firstPfn + 5 * (MANAGER_PAGES / 8);
    Place range = Place.in(VRAM).within(from, from + MANAGER_PAGES / 8 - 1).contiguously();
    Bo newcomer = yard.create(EIGHTH);
    assertThat(yard.validated(newcomer, range).movedBytes()).isEqualTo(3 * EIGHTH);
    assertThat(left(bos)).containsExactly(wanted);
    int pin = yard.pin(newcomer);
    assertThat(refusal(yard.create(P), range)).isEqualTo(Errno.ENOSPC);
    assertThat(yard.regionOf(beside)).isEqualTo(VRAM);
    yard.unpin(newcomer, pin);
  }

  @Test
  void EVI05_evict_vm() {
    List<Bo> bos = fill();
    Bo whole = yard.create(MANAGER_PAGES * P);
    yard.validated(whole, Place.in(VRAM));
    assertThat(bos).allMatch(bo -> yard.regionOf(bo) == SYSTEM);
    yard.pin(whole);
    assertThat(refusal(yard.create(P), Place.in(VRAM))).isEqualTo(Errno.ENOSPC);
    assertThat(yard.regionOf(whole)).isEqualTo(VRAM);
  }
}
