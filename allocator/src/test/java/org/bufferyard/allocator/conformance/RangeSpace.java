package org.bufferyard.allocator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.region.ColourRule;
import org.bufferyard.allocator.region.EvictScan;
import org.bufferyard.allocator.region.RangeAllocator;
import org.bufferyard.allocator.region.RangeNode;
import org.bufferyard.allocator.region.RangeRequest;
import org.bufferyard.allocator.region.RangeRequest.Mode;
import org.bufferyard.allocator.region.Regions;

/** A range allocator with the words the conformance cases use; refusals must change nothing. */
record RangeSpace(RangeAllocator mm) {
  /** Neighbours of different colour need one unit between them. */
  static final ColourRule SEPARATE = (before, after) -> before == after ? 0 : 1;

  static RangeSpace of(long start, long size) {
    return new RangeSpace(new RangeAllocator(start, size));
  }

  static RangeSpace coloured(long size) {
    return new RangeSpace(new RangeAllocator(0, size, SEPARATE));
  }

  static List<Integer> primesBelow(int limit) {
    List<Integer> primes = new ArrayList<>();
    for (int candidate = 2; candidate < limit; candidate++) {
      int number = candidate;
      if (primes.stream().noneMatch(prime -> number % prime == 0)) {
        primes.add(candidate);
      }
    }
    return primes;
  }

  RangeNode insert(RangeRequest request) {
    return Regions.done(mm.insert(request));
  }

  RangeNode reserve(long start, long size) {
    return Regions.done(mm.reserve(start, size, 0));
  }

  void remove(RangeNode node) {
    Regions.done(mm.remove(node));
  }

  void insertFails(RangeRequest request) {
    String before = mm.toString();
    assertThat(Regions.refused(mm.insert(request))).isEqualTo(Errno.ENOSPC);
    assertThat(mm.toString()).isEqualTo(before);
  }

  void reserveFails(long start, long size, long colour) {
    Outcome<RangeNode> outcome = mm.reserve(start, size, colour);
    assertThat(outcome).as("%d at %d", size, start).isInstanceOf(Outcome.Refused.class);
    assertThat(Regions.refused(outcome)).isEqualTo(Errno.ENOSPC);
  }

  /** Every unit of {@code [from, to)} is in use, by nodes of {@code size} without gaps. */
  void checkFilled(long from, long to, long size) {
    long at = from;
    for (RangeNode node : mm.inOrder()) {
      assertThat(node.start()).isEqualTo(at);
      assertThat(node.size()).isEqualTo(size);
      at = node.end();
    }
    assertThat(at).isEqualTo(to);
  }

  static <T> List<T> shuffled(List<T> list, RandomGenerator random) {
    List<T> copy = new ArrayList<>(list);
    for (int index = copy.size() - 1; index > 0; index--) {
      Collections.swap(copy, index, random.nextInt(index + 1));
    }
    return copy;
  }

  /** Offers {@code candidates} until the request fits; returns who is in the way, or null. */
  List<RangeNode> victims(RangeRequest request, List<RangeNode> candidates) {
    EvictScan scan = mm.scan(request);
    List<RangeNode> offered = new ArrayList<>();
    boolean found = false;
    for (RangeNode node : candidates) {
      offered.add(node);
      if (scan.add(node)) {
        found = true;
        break;
      }
    }
    List<RangeNode> victims = new ArrayList<>();
    for (RangeNode node : offered.reversed()) {
      if (scan.remove(node)) {
        victims.add(node);
      }
    }
    assertThat(found || victims.isEmpty()).isTrue();
    return victims;
  }

  /** MM10: evicts for the request, fills the hole exactly, and puts everything back. */
  void evictAndRestore(RangeRequest request, List<RangeNode> order) {
    String before = mm.toString();
    List<RangeNode> victims = victims(request, order);
    assertThat(mm.toString()).isEqualTo(before);
    assertThat(victims).as("%s", request).isNotEmpty();
    victims.forEach(this::remove);
    RangeNode node =
        insert(
            new RangeRequest(
                request.size(),
                request.align(),
                request.colour(),
                request.lowest(),
                request.limit(),
                Mode.EVICT));
    assertThat(node.start() % request.align()).isZero();
    assertThat(node.start()).isGreaterThanOrEqualTo(request.lowest());
    assertThat(node.end()).isLessThanOrEqualTo(request.limit());
    assertThat(mm.nodes()).isEqualTo(order.size() - victims.size() + 1);
    remove(node);
    for (RangeNode victim : victims) {
      RangeNode again = Regions.done(mm.reserve(victim.start(), victim.size(), victim.colour()));
      order.set(order.indexOf(victim), again);
    }
    assertThat(mm.toString()).isEqualTo(before);
  }
}
