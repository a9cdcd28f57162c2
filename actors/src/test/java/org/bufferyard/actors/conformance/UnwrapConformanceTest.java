package org.bufferyard.actors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bufferyard.actors.fence.Fence;
import org.bufferyard.actors.fence.FenceArray;
import org.bufferyard.actors.fence.FenceChain;
import org.bufferyard.actors.fence.FenceContexts;
import org.bufferyard.actors.fence.FenceUnwrap;
import org.junit.jupiter.api.Test;

/** {@code drivers/dma-buf/st-dma-fence-unwrap.c} as inputs and outcomes. */
class UnwrapConformanceTest {
  private final FenceContexts contexts = new FenceContexts(100);
  private final Fence first = new Fence(1, 1);
  private final Fence second = new Fence(2, 1);

  private FenceArray array(Fence... fences) {
    return new FenceArray(contexts.take(1), 1, List.of(fences), false);
  }

  private FenceChain chain(Fence... fences) {
    FenceChain last = null;
    for (int i = 0; i < fences.length; i++) {
      last = FenceChain.append(contexts, last, fences[i], i + 1L);
    }
    return java.util.Objects.requireNonNull(last);
  }

  private List<Fence> merged(Fence... fences) {
    return FenceUnwrap.leaves(FenceUnwrap.merge(contexts, List.of(fences)));
  }

  @Test
  void UNW01_array_eachVisitedOnce() {
    assertThat(FenceUnwrap.leaves(array(first, second))).containsExactly(first, second);
  }

  @Test
  void UNW02_chain_eachVisitedOnce() {
    assertThat(FenceUnwrap.leaves(chain(first, second))).containsExactly(second, first);
  }

  @Test
  void UNW03_chainOfArray_eachVisitedOnce() {
    assertThat(FenceUnwrap.leaves(chain(array(first, second)))).containsExactly(first, second);
  }

  @Test
  void UNW04_merge_both() {
    assertThat(merged(first, second)).containsExactly(first, second);
  }

  @Test
  void UNW05_mergeDuplicate_one() {
    assertThat(FenceUnwrap.merge(contexts, List.of(first, first))).isSameAs(first);
  }

  @Test
  void UNW06_mergeSeqno_latestOfEachContextInOrderOfContext() {
    Fence later = new Fence(1, 2);
    assertThat(merged(second, first, later)).containsExactly(later, second);
  }

  @Test
  void UNW07_mergeOrder_twoWhateverTheOrder() {
    assertThat(merged(array(first, second), array(second, first))).containsExactly(first, second);
    assertThat(merged(array(second, first), array(first, second))).containsExactly(first, second);
  }

  @Test
  void UNW08_mergeComplex_signalledStubLeftOut() {
    Fence stub = Fence.stub(contexts);
    assertThat(merged(stub, first)).containsExactly(first);
    assertThat(FenceUnwrap.merge(contexts, List.of(stub)).signalled()).isTrue();
  }

  @Test
  void UNW09_mergeComplexSeqno_latestOfEach() {
    Fence firstLater = new Fence(1, 2);
    Fence secondLater = new Fence(2, 2);
    assertThat(merged(array(firstLater, second), array(first, secondLater)))
        .containsExactly(firstLater, secondLater);
  }
}
