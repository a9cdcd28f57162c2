package org.bufferyard.actors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.fence.Fence;
import org.bufferyard.actors.fence.FenceChain;
import org.bufferyard.actors.fence.FenceContexts;
import org.bufferyard.allocator.Errno;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code drivers/dma-buf/st-dma-fence-chain.c} as inputs and outcomes. */
class ChainConformanceTest {
  private static final int LINKS = 64;
  private static final int MANY = 4096;

  private final FenceContexts contexts = new FenceContexts(1);
  private final List<Fence> fences = new ArrayList<>();
  private final List<FenceChain> links = new ArrayList<>();

  /** Links with numbers {@code first}, {@code first + step}, ... */
  private void chain(int count, int first, int step) {
    for (int i = 0; i < count; i++) {
      fences.add(new Fence(contexts.take(1), 1));
      links.add(
          FenceChain.append(
              contexts, i == 0 ? null : links.getLast(), fences.get(i), first + (long) i * step));
    }
  }

  /** The link to wait for; null if the point has passed. */
  private static @Nullable Fence found(Fence from, long seqno) {
    return switch (FenceChain.find(from, seqno)) {
      case FenceChain.Found.Link(var link) -> link;
      case FenceChain.Found.Passed passed -> null;
      case FenceChain.Found.Refused refused -> throw new AssertionError(refused);
    };
  }

  private static Errno refused(Fence from, long seqno) {
    if (FenceChain.find(from, seqno) instanceof FenceChain.Found.Refused(var refusal)) {
      return refusal.errno();
    }
    throw new AssertionError("point " + seqno + " was found");
  }

  @Test
  void CHAIN01_sanity_signalsWithItsFence() {
    chain(1, 1, 1);
    assertThat(links.getFirst().signalled()).isFalse();
    fences.getFirst().signal();
    assertThat(links.getFirst().signalled()).isTrue();
  }

  @Test
  void CHAIN02_findSeqno_eachLinkFromEachLaterOne() {
    chain(LINKS, 1, 1);
    assertThat(found(links.getLast(), 0)).isSameAs(links.getLast());
    for (int i = 0; i < LINKS; i++) {
      FenceChain link = links.get(i);
      assertThat(found(link, i + 1)).isSameAs(link);
      assertThat(refused(link, i + 2)).isEqualTo(Errno.EINVAL);
      if (i > 0) {
        assertThat(found(link, i)).isSameAs(links.get(i - 1));
      }
      assertThat(found(links.getLast(), i + 1)).isSameAs(link);
    }
    assertThat(refused(fences.getFirst(), 1)).isEqualTo(Errno.EINVAL);
  }

  @Test
  void CHAIN03_findSignaled_firstLinkOrNothingToWaitFor() {
    chain(2, 1, 1);
    fences.getFirst().signal();
    Fence link = found(links.getLast(), 1);
    assertThat(link == null || link == links.getFirst()).isTrue();
  }

  @Test
  void CHAIN04_findOutOfOrder_stillWaitsForTheFirst() {
    chain(3, 1, 1);
    fences.get(1).signal();
    assertThat(found(links.getLast(), 2)).isSameAs(links.getFirst());
    assertThat(links.get(1).signalled()).isFalse();
  }

  @Test
  void CHAIN05_findGap_nextLinkStandsForIt() {
    chain(LINKS, 2, 2);
    for (int i = 0; i < LINKS; i++) {
      assertThat(found(links.getLast(), 2L * i + 1)).isSameAs(links.get(i));
    }
  }

  /** Look-ups between signals in random order. */
  @Seeded(runs = 3)
  void CHAIN06_findRace_neverALinkTooEarly(SeededRun run) {
    RandomGenerator random = run.random("race");
    chain(MANY, 1, 1);
    for (int i = 0; i < MANY; i++) {
      fences.get(random.nextInt(MANY)).signal();
      long seqno = 1L + random.nextInt(MANY);
      Fence link = found(links.getLast(), seqno);
      boolean passed = links.get((int) seqno - 1).signalled();
      assertThat(link == null || link.signalled()).as("point %s", seqno).isEqualTo(passed);
      assertThat(link == null || link.seqno() <= seqno).isTrue();
    }
  }

  @Test
  void CHAIN07_signalForward_linkSignalledWithItsFence() {
    chain(LINKS, 1, 1);
    for (int i = 0; i < LINKS; i++) {
      fences.get(i).signal();
      assertThat(links.get(i).signalled()).isTrue();
      assertThat(i + 1 == LINKS || !links.get(i + 1).signalled()).isTrue();
    }
  }

  @Test
  void CHAIN08_signalBackward_noneBeforeTheFirst() {
    chain(LINKS, 1, 1);
    for (int i = LINKS - 1; i > 0; i--) {
      fences.get(i).signal();
      assertThat(links.get(i).signalled()).isFalse();
    }
    fences.getFirst().signal();
    assertThat(links).allMatch(Fence::signalled);
  }

  private void waitsForTheLast(List<Integer> order) {
    int[] signalled = {0};
    assertThat(links.getLast().addCallback(done -> signalled[0]++)).isNull();
    for (int i : order) {
      assertThat(signalled[0]).isZero();
      fences.get(i).signal();
    }
    assertThat(signalled[0]).isOne();
    assertThat(links).allMatch(Fence::signalled);
  }

  private static List<Integer> upTo(int count) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      order.add(i);
    }
    return order;
  }

  @Test
  void CHAIN09_waitForward_wokenOnceByTheLast() {
    chain(MANY, 1, 1);
    waitsForTheLast(upTo(MANY));
  }

  @Test
  void CHAIN10_waitBackward_wokenOnceByTheFirst() {
    chain(MANY, 1, 1);
    waitsForTheLast(upTo(MANY).reversed());
  }

  @Seeded(runs = 2)
  void CHAIN11_waitRandom_wokenOnceByWhicheverIsLast(SeededRun run) {
    chain(MANY, 1, 1);
    List<Integer> order = upTo(MANY);
    RandomGenerator random = run.random("order");
    for (int i = MANY - 1; i > 0; i--) {
      java.util.Collections.swap(order, i, random.nextInt(i + 1));
    }
    waitsForTheLast(order);
  }
}
